/** That the library is encrypted, where its key is, and the way to the recovery key. */
import { useEffect, useState } from "react";
import type { KeyPlaceView } from "../../backend/client";
import { useSession } from "../../session/context";

const PLACES: Record<KeyPlaceView, string> = {
  keychain: "Its key is in the keychain of this computer, which opens when you sign in.",
  file: "No keychain took its key, so that lies in a file beside it: whoever has this disk can read your library.",
};

export function Key() {
  const { backups } = useSession();
  const [place, setPlace] = useState<KeyPlaceView | null>(null);
  useEffect(() => void backups.keyPlace().then((found) => setPlace(found ?? null)), [backups]);
  if (!place) return null;
  return (
    <section aria-labelledby="privacy-key">
      <h3 id="privacy-key">Your library on the disk</h3>
      <p>Everything you write is encrypted in it. {PLACES[place]}</p>
      <button type="button" className="quiet" onClick={() => void backups.showRecoveryKey()}>
        Show recovery key
      </button>
      <p className="hint">
        Keep it where you keep passwords. If the key of this computer is lost, it alone opens your library and your
        backups. Pictures, and what the model has read, are not encrypted.
      </p>
    </section>
  );
}
