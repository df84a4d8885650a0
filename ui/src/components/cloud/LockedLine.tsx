/** Said where something would leave, while the offline lock is on. */
import { useChosen, useSession } from "../../session/context";
import "./cloud.css";

export function LockedLine({ children }: { children: string }) {
  const { cloud } = useSession();
  const locked = useChosen((state) => state.cloud.locked);
  if (!locked) return null;
  return (
    <div className="locked-line" role="note">
      <p>The offline lock is on. {children}</p>
      <button type="button" className="quiet" onClick={() => void cloud.setLock(false)}>
        Switch it off
      </button>
    </div>
  );
}
