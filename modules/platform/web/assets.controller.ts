import { Get, Param, Res, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { Refusal } from '../../kernel/refusal';
import { Assets } from './pages/assets.service';
import { Open, ProgramController } from './program-controller';

@ProgramController('assets')
export class AssetsController {
  constructor(private readonly assets: Assets) {}

  /** During a rolling update an old page may ask for a file as it was: it gets today's, but may not keep it. */
  @Get(':hash/:name')
  @Open()
  file(
    @Param('hash') hash: string,
    @Param('name') name: string,
    @Res({ passthrough: true }) response: Response,
  ): StreamableFile {
    const asset = this.assets.find(name);
    if (!asset) throw new Refusal('NOT_FOUND');
    response.setHeader('cache-control', hash === asset.hash ? 'public, max-age=31536000, immutable' : 'no-cache');
    return new StreamableFile(asset.content, { type: asset.type });
  }
}
