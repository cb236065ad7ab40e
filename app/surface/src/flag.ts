/** For how long a name stays beside its caret before it fades, in milliseconds. */
const SHOWN_FOR = 2100;

const flags = new WeakMap<Element, Flag>();

/**
 * The name beside a caret, seen for a while after its person did something. Whoever types does something with every key, so
 * nothing changes in the page while the name is seen already: an animation that begins anew would draw frame after frame.
 */
export class Flag {
  private until = 0;

  /** Puts it into a caret's element. */
  constructor(
    private readonly caret: HTMLElement,
    name: string,
  ) {
    const flag = caret.appendChild(document.createElement('div'));
    flag.className = 'person-flag';
    flag.dir = 'auto';
    flag.textContent = name;
    flags.set(caret, this);
  }

  /** The one in this caret's element. */
  static of(caret: HTMLElement): Flag | undefined {
    return flags.get(caret);
  }

  /** Shows it from now on for a while. */
  raise(): void {
    this.until = performance.now() + SHOWN_FOR;
    if (!this.caret.classList.contains('is-raised')) {
      this.caret.classList.add('is-raised');
      this.wait();
    }
  }

  private wait(): void {
    setTimeout(() => this.lower(), this.until - performance.now());
  }

  private lower(): void {
    if (performance.now() < this.until) {
      this.wait();
    } else {
      this.caret.classList.remove('is-raised');
    }
  }
}
