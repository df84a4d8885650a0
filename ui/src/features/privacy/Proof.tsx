/** The bar around the model, tried before the user's eyes; and what nothing here protects from. */
import { useState } from "react";
import type { AttemptView, TriedView } from "../../backend/client";
import { useSession } from "../../session/context";

const NAMES: Record<AttemptView, string> = {
  tcp: "Connect, as to a server",
  ipv6: "Connect by IPv6",
  udp: "Send a datagram, as names are looked up",
  local: "Speak to another program on this computer",
  appMemory: "Read what Sotto has in its memory",
  readFile: "Read your library",
  writeFile: "Make a file beside it",
};

export function Proof() {
  const session = useSession();
  const [tried, setTried] = useState<TriedView[] | null>(null);
  const [working, setWorking] = useState(false);
  const prove = () => {
    setWorking(true);
    setTried(null);
    void session
      .proveBar()
      .then((all) => setTried(all ?? null))
      .finally(() => setWorking(false));
  };
  const open = tried?.filter(({ refused }) => !refused).length ?? 0;
  return (
    <>
      <button type="button" className="quiet" disabled={working} onClick={prove}>
        {working ? "Trying…" : "Prove it"}
      </button>
      <p className="hint">The program that runs the model tries to get out, now, while Sotto listens.</p>
      {tried && (
        <>
          <ul className="proof" aria-label="What was tried">
            {tried.map(({ attempt, refused, said }) => (
              <li key={attempt} data-refused={refused}>
                <span>{NAMES[attempt]}</span>
                <span title={said}>{refused ? "Refused" : "Not refused"}</span>
              </li>
            ))}
          </ul>
          <p role="status">{open === 0 ? "All of it was refused by the operating system." : whatThatMeans(tried)}</p>
        </>
      )}
    </>
  );
}

function whatThatMeans(tried: readonly TriedView[]): string {
  const files: readonly AttemptView[] = ["readFile", "writeFile", "appMemory"];
  return tried.every(({ attempt, refused }) => refused || files.includes(attempt))
    ? "The model is kept off the network. On this system it is not kept from your files."
    : "The model could get out. Turn the offline lock on and please report this.";
}

/** In plain words, where the promises stand. */
export function NotProtected() {
  return (
    <section aria-labelledby="not-protected">
      <h3 id="not-protected">What this does not protect from</h3>
      <ul className="plain-list">
        <li>Somebody who uses your account, or another program that runs in it: it can get at your library’s key.</li>
        <li>
          Somebody who has your disk, as far as pictures, what the model has read, and backups of earlier versions go:
          these are not encrypted. Your operating system can encrypt all of the disk.
        </li>
        <li>A provider that you send something to: it can keep it.</li>
      </ul>
    </section>
  );
}
