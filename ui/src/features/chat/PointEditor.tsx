/** A starting point's words, the user's to change. A built-in one can always go back to the original. */
import { useState } from "react";
import type { StartingPoint } from "../../backend/client";
import { Dialog } from "../../components/Dialog";
import { useSession } from "../../session/context";

interface Props {
  /** Null: a new one. */
  point: StartingPoint | null;
  onClose: () => void;
  onSaved: (point: StartingPoint) => void;
}

export function PointEditor({ point, onClose, onSaved }: Props) {
  const session = useSession();
  const [name, setName] = useState(point?.name ?? "");
  const [description, setDescription] = useState(point?.description ?? "");
  const [instructions, setInstructions] = useState(point?.instructions ?? "");

  const keep = (saved: StartingPoint | undefined) => {
    if (!saved) return;
    onSaved(saved);
    onClose();
  };

  return (
    <Dialog title={point ? "Edit starting point" : "Your own starting point"} onClose={onClose} wide>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void session.points
            .save({
              id: point?.id ?? null,
              name: name.trim(),
              description: description.trim(),
              instructions: instructions.trim(),
            })
            .then(keep);
        }}
      >
        <div className="field">
          <label htmlFor="point-name">Name</label>
          <input
            id="point-name"
            required
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="point-words">In one line</label>
          <input
            id="point-words"
            maxLength={140}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="point-instructions">What the model is told</label>
          <textarea
            id="point-instructions"
            required
            rows={8}
            dir="auto"
            placeholder="You are a patient reader of first drafts. You ask before you advise."
            value={instructions}
            onChange={(event) => setInstructions(event.target.value)}
          />
        </div>
        <p className="hint">Conversations that began from it keep what they were told.</p>
        <div className="dialog-actions">
          {point?.builtIn && (
            <button type="button" className="plain" onClick={() => void session.points.reset(point.id).then(keep)}>
              Back to the original
            </button>
          )}
          {point && !point.builtIn && (
            <button
              type="button"
              className="plain danger-text"
              onClick={() => void session.points.delete(point).then(onClose)}
            >
              Delete
            </button>
          )}
          <span className="spring" />
          <button type="button" className="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
