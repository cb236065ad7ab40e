import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * How to start Chromium. Playwright's own cannot be downloaded everywhere, so one that is installed comes first.
 */
export function launchOptions() {
  const executablePath = process.env.CHROMIUM ?? onPath('chromium');
  return { args: args(), ...(executablePath && { executablePath }) };
}

function args() {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  // Chromium refuses to run as root inside its sandbox.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...quiet, '--no-first-run', '--disable-quic', ...root];
}

/** @param {string} program */
function onPath(program) {
  const directories = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return directories.map((directory) => join(directory, program)).find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
