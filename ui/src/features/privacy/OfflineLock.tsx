/** One click, and nothing leaves. */
import { useChosen, useSession } from "../../session/context";
import "./privacy.css";

export function OfflineLock() {
  const { cloud } = useSession();
  const locked = useChosen((state) => state.cloud.locked);
  return (
    <button
      type="button"
      className="row offline-lock"
      role="switch"
      aria-checked={locked}
      title={locked ? "Nothing leaves this computer: no cloud, no downloads. Click to allow them again." : "Click, and nothing leaves this computer: no cloud, no downloads."}
      onClick={() => void cloud.setLock(!locked)}
    >
      <span className="dot" aria-hidden="true" />
      <span>Offline lock</span>
      <span className="mark" aria-hidden="true">
        {locked ? "on" : "off"}
      </span>
    </button>
  );
}
