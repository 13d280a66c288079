/** Which packages a module loads, itself and all that it imports. */
import { readFileSync } from 'node:fs';

const IMPORT =
  /^\s*(?:import|export)\s[^;]*?\bfrom\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm;

/** Names of packages, Node's own left out; and how many files there are. @param {URL} entry */
export function graphBehind(entry) {
  const packages = new Set();
  const seen = new Set();
  const visit = (/** @type {URL} */ url) => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const text = readFileSync(url, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    for (const [, ...specifiers] of text.matchAll(IMPORT)) {
      const specifier = specifiers.find((it) => it !== undefined);
      if (specifier.startsWith('.')) visit(new URL(specifier, url));
      else if (!specifier.startsWith('node:')) packages.add(specifier);
    }
  };
  visit(entry);
  return { packages: [...packages], files: seen.size };
}
