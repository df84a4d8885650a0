/** From nothing to a working model: one thing a page, and one way out of every page. */
import type { FirstRunStep } from "../../backend/client";
import { useSession } from "../../session/context";
import { Choose } from "./Choose";
import { Computer } from "./Computer";
import { Getting } from "./Getting";
import { Ready } from "./Ready";
import { Welcome } from "./Welcome";
import "./firstrun.css";

const PAGES: { step: Exclude<FirstRunStep, "done">; name: string }[] = [
  { step: "welcome", name: "Welcome" },
  { step: "machine", name: "This computer" },
  { step: "choose", name: "A model" },
  { step: "getting", name: "Download" },
  { step: "ready", name: "Ready" },
];

export function FirstRun({ step }: { step: FirstRunStep }) {
  const { tour } = useSession();
  const at = PAGES.findIndex((one) => one.step === step);
  return (
    <div className="first-run">
      <header>
        <span className="wordmark">Sotto</span>
        <ol aria-label="Setting up">
          {PAGES.map(({ step, name }, i) => (
            <li key={name} aria-current={i === at ? "step" : undefined} data-past={i < at}>
              {i < at ? (
                <button type="button" onClick={() => void tour.go(step)}>
                  {name}
                </button>
              ) : (
                name
              )}
            </li>
          ))}
        </ol>
        <button
          type="button"
          className="plain"
          title="Talk to the built-in guide meanwhile. “Finish setting up” waits in the left pane."
          onClick={tour.later}
        >
          Later
        </button>
      </header>
      <Shown key={step} step={step} />
    </div>
  );
}

function Shown({ step }: { step: FirstRunStep }) {
  switch (step) {
    case "welcome":
      return <Welcome />;
    case "machine":
      return <Computer />;
    case "choose":
      return <Choose />;
    case "getting":
      return <Getting />;
    case "ready":
      return <Ready />;
    case "done":
      return null;
  }
}
