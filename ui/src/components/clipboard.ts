/** Puts text on the clipboard; false where the system did not allow it. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/**
 * Puts a text on the clipboard twice: formatted, for a word processor, and as it was written. The
 * event of the system's own copying takes both, in every web view.
 */
export async function copyFormatted(text: string, shown: Element): Promise<boolean> {
  const html = formatted(shown);
  const give = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData?.setData("text/plain", text);
    event.clipboardData?.setData("text/html", html);
  };
  document.addEventListener("copy", give, { capture: true, once: true });
  const copied = copyBySelection(text);
  document.removeEventListener("copy", give, { capture: true });
  return copied || copy(text);
}

/** What only the window needs is left out: buttons, classes, the marks of words that fade in. */
function formatted(shown: Element): string {
  const clone = shown.cloneNode(true) as Element;
  for (const gone of clone.querySelectorAll("figcaption, .swatch, .unseen")) gone.remove();
  for (const element of clone.querySelectorAll("*")) {
    for (const { name } of [...element.attributes])
      if (!["start", "dir", "href"].includes(name)) element.removeAttribute(name);
    if (/^(?:button|span|figure)$/i.test(element.tagName)) element.replaceWith(...element.childNodes);
  }
  return [...clone.children].map((child) => child.outerHTML).join("\n");
}

/** The old way, for web views that keep the clipboard to themselves. */
function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "offscreen";
  document.body.append(box);
  box.select();
  const copied = document.execCommand?.("copy") ?? false;
  box.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
