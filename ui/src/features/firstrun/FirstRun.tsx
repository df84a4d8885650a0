/** From nothing to a working model: one thing a page, and every page can be left. */
import { useEffect, useRef } from "react";
import type { FirstRunStep } from "../../backend/client";
import { LockedLine } from "../../components/cloud/LockedLine";
import { Trouble } from "../../components/Trouble";
import { useChosen, useSession } from "../../session/context";
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
  const session = useSession();
  const trouble = useChosen((state) => state.trouble);
  const page = useRef<HTMLDivElement>(null);
  // Each page is begun at its top, by eye and by ear.
  useEffect(() => {
    page.current?.focus();
    if (page.current) page.current.scrollTop = 0;
  }, [step]);
  const at = PAGES.findIndex((one) => one.step === step);

  return (
    <div className="first-run">
      <header>
        <span className="wordmark">Sotto</span>
        <ol aria-label="Setting up">
          {PAGES.map(({ step, name }, i) => (
            <li key={name} aria-current={i === at ? "step" : undefined} data-past={i < at}>
              {i < at ? (
                <button type="button" onClick={() => void session.tour.go(step)}>
                  {name}
                </button>
              ) : (
                name
              )}
            </li>
          ))}
        </ol>
        <button type="button" className="plain" title="You will find this page again" onClick={session.tour.later}>
          Later
        </button>
      </header>
      <main ref={page} tabIndex={-1} aria-labelledby="first-run-title">
        <div className="first-run-page" key={step}>
          {(step === "choose" || step === "getting") && <LockedLine>Downloads wait until it is off.</LockedLine>}
          {trouble && (
            // A long page may be scrolled: what went wrong comes into sight.
            <div ref={(node) => node?.scrollIntoView?.({ block: "nearest" })}>
              <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />
            </div>
          )}
          <Page step={step} />
        </div>
      </main>
    </div>
  );
}

function Page({ step }: { step: FirstRunStep }) {
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
