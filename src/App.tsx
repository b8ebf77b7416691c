import { QueryClientProvider } from "@tanstack/react-query";
import { BrowserRouter, Route, Routes } from "react-router";
import { Toaster } from "sonner";
import { Layout } from "./components/layout/Layout.tsx";
import { queryClient } from "./lib/queryClient.ts";
import { useTheme } from "./lib/theme.ts";
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

function Toasts() {
  const theme = useTheme();
  return (
    <Toaster theme={theme} position="top-center" duration={6000} closeButton containerAriaLabel="Messages" />
  );
}
