/**
 * The pages of one scroll by their places: which are near to what is in view, and that what is read
 * stays where it is while pages above it come to be as high as they are.
 */

/** So far above and below the view, in views. */
const NEAR = "100% 0px";

export class Sections {
  #scroller: HTMLElement;
  #ids = new Map<Element, number>();
  #heights = new Map<Element, number>();
  #near = new Set<number>();
  #seen: IntersectionObserver;
  #sized: ResizeObserver;

  /** `told` hears which are near, whenever that changes. */
  constructor(scroller: HTMLElement, told: (near: ReadonlySet<number>) => void) {
    this.#scroller = scroller;
    this.#seen = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const id = this.#ids.get(target);
          if (id === undefined) continue;
          if (isIntersecting) this.#near.add(id);
          else this.#near.delete(id);
        }
        told(new Set(this.#near));
      },
      { root: scroller, rootMargin: NEAR },
    );
    this.#sized = new ResizeObserver((entries) => this.#stay(entries.map(({ target }) => target)));
  }

  watch = (id: number, section: HTMLElement): (() => void) => {
    this.#ids.set(section, id);
    this.#heights.set(section, section.offsetHeight);
    this.#seen.observe(section);
    this.#sized.observe(section);
    return () => {
      this.#ids.delete(section);
      this.#heights.delete(section);
      this.#near.delete(id);
      this.#seen.unobserve(section);
      this.#sized.unobserve(section);
    };
  };

  end = (): void => {
    this.#seen.disconnect();
    this.#sized.disconnect();
  };

  /** What grew or shrank above the view moves the scroll by as much. */
  #stay(changed: readonly Element[]): void {
    const top = this.#scroller.scrollTop;
    let [grown, moved] = [0, 0];
    const sections = changed.filter((one) => one instanceof HTMLElement && this.#heights.has(one)) as HTMLElement[];
    sections.sort((one, other) => one.offsetTop - other.offsetTop);
    for (const section of sections) {
      const before = this.#heights.get(section) ?? 0;
      const now = section.offsetHeight;
      this.#heights.set(section, now);
      // Where it ended, before any of these changed.
      if (section.offsetTop - moved + before <= top) grown += now - before;
      moved += now - before;
    }
    if (grown !== 0) this.#scroller.scrollTop = top + grown;
  }
}
