/** It is here: something real to try first. */
import { examplesFor } from "../../components/examples";
import { useChosen, useSession } from "../../session/context";
import { modelInUse } from "../../session/state";

export function Ready() {
  const session = useSession();
  const fresh = useChosen((state) => state.models.transfers.find((one) => one.state === "done"));
  const inUse = useChosen(modelInUse);
  const name = fresh?.name ?? (inUse?.kind === "guide" ? "The guide" : (inUse?.name ?? "The model"));
  const begin = async (text: string | null) => {
    if (fresh) await session.models.accept(fresh);
    if (session.state.trouble) return;
    if (text !== null) await session.tryOut(text);
    await session.tour.finish();
  };
  return (
    <>
      <h1 id="first-run-title">{name} is ready</h1>
      <p className="lead">It works without a network from now on. Begin with a page of your own, or try one of these.</p>
      <ul className="examples">
        {examplesFor("").map((example) => (
          <li key={example.short}>
            <button type="button" onClick={() => void begin(example.text)}>
              {example.short}
            </button>
          </li>
        ))}
      </ul>
      <div className="first-run-actions">
        <button type="button" className="primary" onClick={() => void begin(null)}>
          Begin
        </button>
      </div>
    </>
  );
}
