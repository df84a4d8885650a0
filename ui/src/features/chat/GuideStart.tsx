/** An empty conversation with the guide: what it is, and three things that suit it. */
import { useChosen, useSession } from "../../session/context";
import "./start.css";

const EXAMPLES = ["Where do my words go?", "Three titles for a book about the sea", "How do I get the full model?"];

export function GuideStart({ onExample }: { onExample: (text: string) => void }) {
  return (
    <div className="start">
      <div className="measure">
        <h2>I am the guide that comes with Sotto.</h2>
        <p className="guide-words">
          I know my way around here, and play with titles and first lines. The full model does the rest.
        </p>
        <ul className="examples">
          {EXAMPLES.map((example) => (
            <li key={example}>
              <button type="button" onClick={() => onExample(example)}>
                {example}
              </button>
            </li>
          ))}
        </ul>
        <div className="guide-next">
          <Next />
        </div>
      </div>
    </div>
  );
}

/** The way to the full model, as far as it is still to go. */
function Next() {
  const { models, tour } = useSession();
  const full = useChosen((state) => state.models.installed.find(({ kind, missing }) => kind !== "guide" && !missing));
  const coming = useChosen((state) => state.models.transfers.length > 0);
  if (coming) return null;
  return full ? (
    <button type="button" className="quiet named" onClick={() => void models.use(full.id)}>
      Switch to {full.name}
    </button>
  ) : (
    <button type="button" className="quiet" onClick={() => void tour.go("choose")}>
      Get the full model…
    </button>
  );
}
