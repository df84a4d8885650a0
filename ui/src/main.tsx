/** Opens the window. */
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { type Backend, createBackend } from "./backend/client";
import "./styles/fonts.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/frame.css";

async function backend(): Promise<Backend> {
  // For looking at the interface in a browser. The built app does not contain it.
  if (import.meta.env.DEV && new URLSearchParams(location.search).has("demo")) {
    return (await import("./backend/demo")).createDemo();
  }
  return createBackend();
}

const root = document.getElementById("root");
if (root) {
  const opened = await backend();
  createRoot(root).render(<App backend={opened} />);
}
