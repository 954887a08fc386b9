/** Where `@Type` keeps what it was told; the package has no address for it that also has types. */
declare module 'class-transformer/cjs/storage' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage';
}
