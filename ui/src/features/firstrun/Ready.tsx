/** It is here: something real to try first. */
import { examplesFor } from "../../components/examples";
import { useChosen, useSession } from "../../session/context";
import { modelInUse } from "../../session/state";
import { Page } from "./Page";

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
  const action = (
    <button type="button" className="primary" onClick={() => void begin(null)}>
      Begin
    </button>
  );
  return (
    <Page title={`${name} is ready`} action={action}>
      <p className="lead">
        It works without a network from now on. Begin with a page of your own, or try one of these.
      </p>
      <ul className="examples">
        {examplesFor("").map((example) => (
          <li key={example.short}>
            <button type="button" onClick={() => void begin(example.text)}>
              {example.short}
            </button>
          </li>
        ))}
      </ul>
    </Page>
  );
}
