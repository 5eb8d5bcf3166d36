// Packages that import JSON in an older way, with a node that wants it another way: node --import ./json-modules.mjs …
import { register } from 'node:module';

const hooks = `
import { readFileSync } from 'node:fs';
export async function load(url, context, next) {
  if (!url.endsWith('.json')) return next(url, context);
  return { format: 'module', shortCircuit: true, source: 'export default ' + readFileSync(new URL(url), 'utf8') };
}`;
register('data:text/javascript,' + encodeURIComponent(hooks));
