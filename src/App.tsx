import { QueryClientProvider } from "@tanstack/react-query";
import { BrowserRouter, Route, Routes } from "react-router";
import { Layout } from "./components/layout/Layout.tsx";
import { Toasts } from "./components/layout/Toasts.tsx";
import { queryClient } from "./lib/queryClient.ts";
import { routes } from "./routes.tsx";

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      {/* Chosen sessions and times live in the address: as transitions they would lag behind their own radio buttons. */}
      <BrowserRouter useTransitions={false}>
        <Routes>
          <Route element={<Layout />}>
            {routes.map(({ pattern, Page }) => (
              <Route key={pattern} path={pattern} element={<Page />} />
            ))}
          </Route>
        </Routes>
      </BrowserRouter>
      <Toasts />
    </QueryClientProvider>
  );
}
