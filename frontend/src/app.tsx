import { lazy, Suspense } from "react";
import { Redirect, Route, Router, Switch, useLocation } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";

import { First } from "./first.tsx";
import { Boundary } from "./parts/boundary.tsx";
import { Shell } from "./shell.tsx";

const Editor = lazy(() => import("./editor/editor.tsx"));
const Executions = lazy(() => import("./run/executions.tsx"));
const Templates = lazy(() => import("./templates/templates.tsx"));
const Files = lazy(() => import("./files/files.tsx"));

/** Every address of the console. They lie behind `#`, so the server has one page. */
export function App() {
  return (
    <Router hook={useHashLocation}>
      <Shell>
        <Room />
      </Shell>
    </Router>
  );
}

function Room() {
  const [place] = useLocation();
  return (
    <Boundary place={place}>
      <Suspense>
        <Switch>
          <Route path="/" component={First} />
          <Route path="/workflows/:workflow">{({ workflow }) => <Editor key={workflow} workflowId={workflow} />}</Route>
          <Route path="/workflows/:workflow/executions/:execution">
            {({ workflow, execution }) => <Editor key={workflow} workflowId={workflow} executionId={execution} />}
          </Route>
          <Route path="/executions" component={Executions} />
          <Route path="/templates" component={Templates} />
          <Route path="/files" component={Files} />
          <Route>
            <Redirect to="/" />
          </Route>
        </Switch>
      </Suspense>
    </Boundary>
  );
}
