/** What this is. */
import { useEffect, useState } from "react";
import { useSession } from "../../session/context";
import { Licences } from "./Licences";

/** `onSetUp`: the user wants to be led through the first run again. */
export function About({ onSetUp }: { onSetUp: () => void }) {
  const session = useSession();
  const [version, setVersion] = useState<string | null>(null);
  const [folder, setFolder] = useState<string | null>(null);
  useEffect(() => void session.backups.folder().then((read) => setFolder(read ?? null)), [session]);
  useEffect(() => void session.version().then((read) => setVersion(read ?? null)), [session]);
  return (
    <div className="about">
      <p className="wordmark">Sotto</p>
      <p>In a low voice: a place to write and think with a model that lives on this computer.</p>
      <p className="hint about-version">{version !== null && `Version ${version}`}</p>
      <p className="hint">
        Sotto is free software under the Apache License 2.0. So are the Ministral 3 models that it can fetch, which are
        made by Mistral AI. The typefaces, Source Serif 4, Inter and JetBrains Mono, are under the SIL Open Font
        License.
      </p>
      <p>
        Everything you write lies in <span className="path">{folder}</span>.
      </p>
      <button type="button" className="quiet" onClick={() => void session.backups.openFolder()}>
        Open this folder
      </button>
      <button type="button" className="quiet" onClick={onSetUp}>
        Set up again…
      </button>
      <Licences />
    </div>
  );
}
