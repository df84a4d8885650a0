/** Backups for the demo. */
import type { BackupsView } from "./client";

export const NO_DISK =
  "The folder for backups, /media/marit/disk, is not there. Connect the disk that it is on, or choose another folder. Your writing is safe where it is.";

const DAY_MS = 86_400_000;

export function demoBackups(): BackupsView {
  const days = Array.from({ length: 13 }, (_, day) => day);
  return {
    folder: "/home/marit/.local/share/sotto/backups",
    atHome: true,
    backups: days.map((day) => ({
      name: `${day}`,
      at: Date.now() - day * DAY_MS,
      why: day === 3 ? "import" : day === 5 ? "asked" : "daily",
      bytes: 4_100_000 - day * 90_000,
    })),
  };
}
