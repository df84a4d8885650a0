/**
 * Words in a live region, as an element that is new whenever they are: of text that only changes
 * WebKitGTK tells a screen reader nothing.
 */
export function Fresh({ text }: { text: string | null }) {
  return text ? <span key={text}>{text}</span> : null;
}
