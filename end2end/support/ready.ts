import { origin } from './address.js';

/**
 * `cargo leptos end-to-end` starts the tests in the same moment as the server, so somebody has to wait.
 */
export default async function serverIsReady(): Promise<void> {
  await answers(origin, 60_000);
}

/** Resolves when the server says that it is up; `patience` is in milliseconds. */
export async function answers(origin: string, patience: number): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await isHealthy(origin))) {
    if (Date.now() > deadline) {
      throw new Error(`no server answers ${origin}/healthz within ${patience / 1000} seconds`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function isHealthy(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/healthz`)).ok;
  } catch {
    return false;
  }
}
