import type { Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

/** The handler that shows the page of a form. */
export interface FormPage {
  readonly controller: Type;
  readonly method: string;
}

export interface PageOptions {
  readonly name: string;
  /**
   * Where a browser goes after a form: an address, whose `:names` are filled from the route, else from the answer, else
   * from the form. `done` in its query names what the page then says, a text of `done.*`.
   */
  readonly redirect?: string;
  /**
   * The handler whose page shows the form again when it was refused: one of the same controller by its name, or of
   * another one. Of several it is the one whose page the browser stood on, else the first.
   */
  readonly form?: string | readonly string[] | (() => FormPage);
  /** The page is the answer to the form itself, because what it shows can never be asked for again. */
  readonly shownOnce?: boolean;
}
export const PageOptions = Reflector.createDecorator<PageOptions>();
