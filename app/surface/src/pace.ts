/** Calls back when there is something new, soon and never twice within `period` milliseconds. */
export class Pace {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = -Infinity;

  constructor(
    private readonly period: number,
    private readonly act: () => void,
  ) {}

  /** There is something new. Never calls back before the caller is done. */
  hasNews(): void {
    this.timer ??= setTimeout(() => this.fire(), Math.max(0, this.last + this.period - performance.now()));
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private fire(): void {
    this.timer = undefined;
    this.last = performance.now();
    this.act();
  }
}
