import { Module } from '@nestjs/common';
import { Program } from './program.service';

@Module({ providers: [Program], exports: [Program] })
export class ProgramModule {}
