/** Keys as this system names them. */
export const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

/** "⌘K" on a Mac, "Ctrl K" elsewhere. */
export function shortcut(key: string, shift = false): string {
  return APPLE ? `${shift ? "⇧" : ""}⌘${key}` : `Ctrl ${shift ? "Shift " : ""}${key}`;
}

/** Whether the key that commands is held: ⌘ on a Mac, Ctrl elsewhere. */
export function commands(event: { metaKey: boolean; ctrlKey: boolean }): boolean {
  return APPLE ? event.metaKey : event.ctrlKey;
}

/** An input method is composing: the key belongs to it. WebKit tells by the code 229 alone. */
export function composing(event: { isComposing: boolean; keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}
