/** A block of code, as written, with a way to copy it. */
import { Copy } from "../Copy";

export function Code({ text, language }: { text: string; language: string | null }) {
  return (
    <figure className="code" dir="ltr">
      <figcaption>
        <span>{language ?? "Text"}</span>
        <Copy text={text} name="Copy code" />
      </figcaption>
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </figure>
  );
}
