/** Beside a selection: how it looks, where it leads, and a proposal for it. */
import type { EditorView } from "prosemirror-view";
import { type ReactNode, useState } from "react";
import { composing, shortcut } from "../../components/keys";
import { type Format, format, isActive } from "../../editor/keys";
import { linkAt, setLink } from "../../editor/links";

interface Props {
  view: EditorView;
  place: { left: number; top: number };
  /** Absent, where nothing may be proposed. */
  onRewrite?: (() => void) | undefined;
  /** Absent, where no conversation stands beside the page. */
  onQuote?: (() => void) | undefined;
  onComment: () => void;
  onClose: () => void;
}

const LOOKS: { name: string; of: Format; sign: ReactNode; keys: string }[] = [
  { name: "Bold", of: "strong", sign: <b>B</b>, keys: shortcut("B") },
  { name: "Italic", of: "em", sign: <i>I</i>, keys: shortcut("I") },
  { name: "Struck through", of: "strike", sign: <s>S</s>, keys: shortcut("X", true) },
  { name: "Heading", of: "heading2", sign: "H", keys: "Ctrl Alt 2" },
  { name: "Quote", of: "quote", sign: "”", keys: shortcut("9", true) },
];

export function SelectionBar({ view, place, onRewrite, onQuote, onComment, onClose }: Props) {
  const [linking, setLinking] = useState(false);
  const [address, setAddress] = useState("");
  const [wrong, setWrong] = useState(false);
  const done = () => {
    setLinking(false);
    view.focus();
  };
  return (
    <div
      className="selection-bar"
      role="toolbar"
      aria-label="The selection"
      style={place}
      // The selection stays while a button is pressed.
      onPointerDown={(event) => !(event.target instanceof HTMLInputElement) && event.preventDefault()}
      onPointerUp={(event) => event.stopPropagation()}
    >
      {linking ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (setLink(view, address)) done();
            else setWrong(true);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || composing(event.nativeEvent)) return;
            event.preventDefault();
            event.stopPropagation();
            done();
          }}
        >
          <input
            autoFocus
            type="text"
            aria-label="Where it leads"
            aria-invalid={wrong}
            placeholder="https://…"
            value={address}
            onChange={(event) => {
              setAddress(event.target.value);
              setWrong(false);
            }}
          />
          <button type="submit" className="quiet">
            {address.trim() === "" ? "No link" : "Link"}
          </button>
        </form>
      ) : (
        <>
          {LOOKS.map(({ name, of, sign, keys }) => (
            <button
              key={of}
              type="button"
              className="icon-button"
              aria-label={name}
              title={`${name} (${keys})`}
              aria-pressed={isActive(view.state, of)}
              onClick={() => {
                const command = of === "heading2" && isActive(view.state, of) ? format.paragraph : format[of];
                command(view.state, view.dispatch);
                view.focus();
              }}
            >
              <span aria-hidden="true">{sign}</span>
            </button>
          ))}
          <button
            type="button"
            className="quiet"
            aria-pressed={linkAt(view.state) !== ""}
            onClick={() => {
              setAddress(linkAt(view.state));
              setLinking(true);
            }}
          >
            Link
          </button>
          <button
            type="button"
            className="quiet"
            title="Ctrl Alt M"
            onClick={() => {
              onClose();
              onComment();
            }}
          >
            Comment
          </button>
          {onRewrite && (
            <button
              type="button"
              className="quiet"
              title={shortcut("E")}
              onClick={() => {
                onClose();
                onRewrite();
              }}
            >
              Rewrite…
            </button>
          )}
          {onQuote && (
            <button
              type="button"
              className="quiet"
              title="Into the conversation beside"
              onClick={() => {
                onClose();
                onQuote();
              }}
            >
              Quote
            </button>
          )}
        </>
      )}
    </div>
  );
}
