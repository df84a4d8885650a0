/** What jsdom lacks and the window relies on, at its simplest. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

globalThis.IS_REACT_ACT_ENVIRONMENT = true;

// What comes in a moment comes later on a machine that is busy.
configure({ asyncUtilTimeout: 20_000 });

HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
  this.querySelector<HTMLElement>("[autofocus], input, button, textarea")?.focus();
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
};

class Unmoved {
  observe() {}
  disconnect() {}
  unobserve() {}
}
globalThis.ResizeObserver = Unmoved as unknown as typeof ResizeObserver;
globalThis.IntersectionObserver = Unmoved as unknown as typeof IntersectionObserver;
window.matchMedia = (query: string) =>
  ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;

afterEach(cleanup);

declare global {
  var IS_REACT_ACT_ENVIRONMENT: boolean;
}
