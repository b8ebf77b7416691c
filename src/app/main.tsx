import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { preloadWith } from "@/lib/preload.ts";
import { App } from "./App.tsx";
import { preload } from "./routes.ts";
import "./styles.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");

preloadWith(preload);
preload(window.location.href);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
