/** What a footnote says. */
import { useState } from "react";
import { Dialog } from "../../components/Dialog";

interface Props {
  /** As it is; "" for a new one. */
  text: string;
  onKeep: (text: string) => void;
  onClose: () => void;
}

export function Footnote({ text, onKeep, onClose }: Props) {
  const [words, setWords] = useState(text);
  return (
    <Dialog title="Footnote" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onKeep(words);
        }}
      >
        <div className="field">
          <label htmlFor="footnote-text">What it says</label>
          <textarea
            id="footnote-text"
            data-first=""
            dir="auto"
            rows={4}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
        <div className="dialog-actions">
          {text !== "" && (
            <button type="button" className="plain" onClick={() => onKeep("")}>
              Remove it
            </button>
          )}
          <span className="spring" />
          <button type="button" className="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={words.trim() === ""}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
