/** What stays here, in two sentences. */
import { useSession } from "../../session/context";

export function Welcome() {
  const { tour } = useSession();
  return (
    <>
      <h1 id="first-run-title">Write with a model that lives on this computer</h1>
      <p className="lead">
        What you write, and what you are answered, stays here. Nothing is fetched or sent unless you ask for it.
      </p>
      <div className="first-run-actions">
        <button type="button" className="primary" onClick={() => void tour.go("machine")}>
          Set up
        </button>
        <button type="button" className="quiet" onClick={() => void tour.finish()}>
          Skip: talk to the guide
        </button>
      </div>
      <p className="hint">
        The guide is a small model that comes with Sotto. It knows its way around here, and needs no download.
      </p>
    </>
  );
}
