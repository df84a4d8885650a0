/** The settings, section by section. */
import { Comparisons } from "../features/comparisons/Comparisons";
import { Keeping } from "../features/models/Keeping";
import { Models } from "../features/models/Models";
import { Network } from "../features/models/Network";
import { Privacy } from "../features/privacy/Privacy";
import { Cloud } from "../features/providers/Cloud";
import { About } from "../features/settings/About";
import { Backups } from "../features/settings/Backups";
import { Look } from "../features/settings/Look";
import type { Section } from "../features/settings/Settings";
import { Writing } from "../features/settings/Writing";

export function sections({ onSetUp }: { onSetUp: () => void }): Section[] {
  return [
    { name: "Look", content: <Look /> },
    { name: "Writing", content: <Writing /> },
    { name: "Models", content: <Models /> },
    { name: "Memory", content: <Keeping /> },
    { name: "Network", content: <Network /> },
    { name: "Cloud", content: <Cloud /> },
    { name: "Side by side", content: <Comparisons /> },
    { name: "Backups", content: <Backups /> },
    { name: "Privacy", content: <Privacy /> },
    { name: "About", content: <About onSetUp={onSetUp} /> },
  ];
}
