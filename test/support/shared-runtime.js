// Jest evaluates every module anew for every test file: two seconds a file for Nest, TypeORM and the program. Here only
// the test file itself is evaluated by Jest; what it requires is loaded by Node, once per worker.
'use strict';

const { createRequire } = require('node:module');
const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

let current;
const sourceMaps = new Map();

module.exports = class SharedRuntime extends Runtime {
  constructor(...args) {
    super(...args);
    current = this;
    for (const [file, map] of sourceMaps) this.getSourceMaps().set(file, map);
    this.executor.compile = (source, filename) =>
      compileFunction(source, this.executor.injectedModuleParameters, { filename });
  }

  requireModuleOrMock(from, name) {
    return name === '@jest/globals' ? super.requireModuleOrMock(from, name) : createRequire(from)(name);
  }
};
module.exports.default = module.exports;

require.extensions['.ts'] = (module, filename) => {
  const code = current.transformCache.transform(filename);
  sourceMaps.set(filename, current.getSourceMaps().get(filename));
  module._compile(code, filename);
};
