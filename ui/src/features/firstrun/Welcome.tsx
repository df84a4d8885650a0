/** What stays here, in two sentences. */
import { useSession } from "../../session/context";
import { Page } from "./Page";

export function Welcome() {
  const { tour } = useSession();
  const action = (
    <button type="button" className="primary" onClick={() => void tour.go("machine")}>
      Set up
    </button>
  );
  return (
    <Page title="Write with a model that lives on this computer" action={action}>
      <p className="lead">
        What you write, and what you are answered, stays here. Nothing is fetched or sent unless you ask for it.
      </p>
      <p className="hint">
        Not now? “Later”, above, takes you to the guide that comes with Sotto. It knows its way around here, and needs
        no download.
      </p>
    </Page>
  );
}
