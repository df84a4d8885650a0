/** Files that are dropped anywhere on a conversation, by whichever way the system hands them over. */
import { useEffect, useRef } from "react";
import { carriesFiles } from "../../components/transfer";
import { useSession } from "../../session/context";

interface Taking {
  /** The shell holds them. */
  dropped: () => void;
  /** The page holds them. */
  files: (data: DataTransfer) => void;
}

export function useTaking(taking: Taking): void {
  const session = useSession();
  const latest = useRef(taking);
  latest.current = taking;
  useEffect(() => session.onFilesDropped(() => latest.current.dropped()), [session]);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer || !carriesFiles(event.dataTransfer) || !onChat(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
    };
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !carriesFiles(event.dataTransfer) || !onChat(event)) return;
      event.preventDefault();
      latest.current.files(event.dataTransfer);
    };
    document.addEventListener("dragover", over);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("drop", drop);
    };
  }, []);
}

function onChat({ target }: Event): boolean {
  return target instanceof Element && target.closest(".chat") !== null;
}
