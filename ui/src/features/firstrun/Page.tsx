/** One page of the first run: what it says is scrolled, and what can be done stays in sight below it. */
import { type ReactNode, useEffect, useRef } from "react";
import type { FirstRunStep } from "../../backend/client";
import { Trouble } from "../../components/Trouble";
import { useChosen, useSession } from "../../session/context";

interface Props {
  title: string;
  /** Said before anything else on the page. */
  above?: ReactNode;
  /** The page before this one, where one may go back. */
  back?: Exclude<FirstRunStep, "done">;
  /** What the page leads to. */
  action: ReactNode;
  children: ReactNode;
}

export function Page({ title, above, back, action, children }: Props) {
  const session = useSession();
  const trouble = useChosen((state) => state.trouble);
  const main = useRef<HTMLElement>(null);
  // Each page begins at its top, by eye and by ear.
  useEffect(() => main.current?.focus(), []);
  return (
    <>
      <main ref={main} tabIndex={0} aria-labelledby="first-run-title">
        <div className="first-run-page">
          {above}
          <h1 id="first-run-title">{title}</h1>
          {children}
        </div>
      </main>
      <footer className="first-run-foot">
        {trouble && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
        <div className="first-run-actions">
          {back && (
            <button type="button" className="quiet" onClick={() => void session.tour.go(back)}>
              Back
            </button>
          )}
          <span className="spring" />
          {action}
        </div>
      </footer>
    </>
  );
}
