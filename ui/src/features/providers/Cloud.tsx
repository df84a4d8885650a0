/** The cloud, as a possibility: off until the user says otherwise, and then provider by provider. */
import { useEffect, useState } from "react";
import { Cap } from "../../components/cloud/Cap";
import { LockedLine } from "../../components/cloud/LockedLine";
import { useChosen, useSession } from "../../session/context";
import { Account } from "./Account";
import "./providers.css";

export function Cloud() {
  const { cloud } = useSession();
  const on = useChosen((state) => state.cloud.on);
  const providers = useChosen((state) => state.cloud.providers);
  const cap = useChosen((state) => state.cloud.cap);
  const [open, setOpen] = useState<string | null>(null);
  useEffect(() => {
    if (on) void cloud.read();
  }, [cloud, on]);
  return (
    <>
      <div className="cloud-switch">
        <button
          type="button"
          role="switch"
          aria-checked={on}
          className="switch"
          aria-labelledby="cloud-name"
          aria-describedby="cloud-words"
          onClick={() => void cloud.setOn(!on)}
        />
        <div>
          <p id="cloud-name">Cloud: {on ? "on, when you choose it" : "off"}</p>
          <p className="hint" id="cloud-words">
            {on
              ? "Everything stays on this computer until you send a conversation, a project or one answer elsewhere. You see what leaves before it does."
              : "Nothing you write leaves this computer."}
          </p>
        </div>
      </div>
      {on && <LockedLine>Nothing leaves until it is off.</LockedLine>}
      {on && (
        <section aria-labelledby="providers">
          <h3 id="providers">Providers</h3>
          <ul className="providers" aria-busy={providers === null}>
            {(providers ?? []).map((provider) => (
              <Account
                key={provider.id}
                provider={provider}
                open={open === provider.id}
                onOpen={() => setOpen(open === provider.id ? null : provider.id)}
              />
            ))}
          </ul>
        </section>
      )}
      {on && (
        <section aria-labelledby="cap">
          <h3 id="cap">Conversations without a project</h3>
          <p className="hint">What could exceed it is not sent. A project has its own limit.</p>
          <Cap label="Monthly limit" cap={cap} onKeep={(kept) => void cloud.setCap(kept)} />
        </section>
      )}
    </>
  );
}
