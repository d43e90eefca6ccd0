// Written by `npm run generate` from the contract.
export interface paths {
  "/": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The console, or where things are as JSON
     * @description The console, or where things are as JSON.
     *
     *     Who prefers HTML, as browsers do, gets the console: a page in which workflows are edited and run. Where every request must name its sandbox and this one does not, it is a page of links.
     */
    get: operations["getHome"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/console/{console_asset}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A script, a style sheet or a picture of the console
     * @description A script, a style sheet or a picture of the console.
     *
     *     The page at `/` asks for them by itself. A name with a hash in it always means the same bytes.
     */
    get: operations["getConsoleAsset"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/health": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The health of the server, where watchdogs look for it
     * @description The health of the server, where watchdogs look for it.
     *
     *     It is the same as at `/api/health`.
     */
    get: operations["getServerHealth"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Where things are, as JSON
     * @description Where things are, as JSON.
     *
     *     The links keep the way in which the sandbox was chosen.
     */
    get: operations["getIndex"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/health": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The health of the server, and the versions of what it is made of
     * @description The health of the server, and the versions of what it is made of.
     *
     *     It is never of a sandbox, and never late or an error on purpose.
     */
    get: operations["getHealth"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/openapi.json": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * This contract in JSON, as OpenAPI 3.1
     * @description This contract in JSON, as OpenAPI 3.1.
     *
     *     Where a sandbox was chosen by path, its addresses begin there.
     */
    get: operations["getContract"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/openapi.yaml": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * This contract in YAML, as OpenAPI 3.1
     * @description This contract in YAML, as OpenAPI 3.1.
     *
     *     It says the same as the one in JSON.
     */
    get: operations["getContractAsYaml"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/docs": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * This contract as a page, from which every operation can be tried
     * @description This contract as a page, from which every operation can be tried.
     *
     *     Nothing of the page comes from elsewhere.
     */
    get: operations["getDocs"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/docs/{asset}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A script, a style sheet or a picture of the documentation
     * @description A script, a style sheet or a picture of the documentation.
     *
     *     The page asks for them by itself.
     */
    get: operations["getDocsAsset"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/problems": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List all error codes
     * @description List all error codes.
     *
     *     Those of answers, of nodes and executions that failed, and of issues of graphs. Who prefers HTML gets a page.
     */
    get: operations["listProblems"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/problems/{problem}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What an error code means, and what to do about it
     * @description What an error code means, and what to do about it.
     *
     *     The `type` of a problem leads here. A code may be that of an answer, of a failure and of an issue: each has an entry. Who prefers HTML gets a page.
     */
    get: operations["getProblem"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/meta/statuses": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Every status: what it means, and which may follow it
     * @description Every status: what it means, and which may follow it.
     *
     *     Those of workflows, executions and node executions; of the first two also the commands that change something then.
     */
    get: operations["listStatuses"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List workflows, the last changed first
     * @description List workflows, the last changed first.
     *
     *     They are summaries, with counts in the place of the graph.
     */
    get: operations["listWorkflows"];
    put?: never;
    /**
     * Create a workflow
     * @description Create a workflow.
     *
     *     Everything may be left out. Saving never fails because a graph is unfinished: loose ends, cycles and wrong configurations are kept, and told of with `?issues=true` or by validating it; executing is what refuses. Nodes and connections without an id get one, and `edges` are read as `connections`.
     */
    post: operations["createWorkflow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/import": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Import a workflow
     * @description Import a workflow.
     *
     *     A new one is made of an export of this server, a workflow with nodes and connections, what React Flow's `toObject()` gives, or a graph under `flow`, `data` or `flowData`, as relatives of React Flow save it.
     */
    post: operations["importWorkflow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a workflow with its graph
     * @description Get a workflow with its graph.
     *
     *     With `?shape=reactflow` it is just what `toObject()` gives: `{nodes, edges, viewport}`. The entity tag is another one when the document has changed, or the status of its latest execution.
     */
    get: operations["getWorkflow"];
    /**
     * Replace the graph of a workflow
     * @description Replace the graph of a workflow.
     *
     *     The graph becomes that of the body; all other members, also those that the server does not know, stay if it does not have them, and PATCH takes one away. What the server writes, such as `revision`, is not looked at, so that what GET gave can be sent back. An execution that is under way keeps the graph that it began with.
     *
     *     `If-Match` refuses the change with 412 if somebody saved in between; without it, whoever saves last wins.
     */
    put: operations["replaceWorkflow"];
    post?: never;
    /**
     * Delete a workflow with its schedules, and stop what runs of it
     * @description Delete a workflow with its schedules, and stop what runs of it.
     *
     *     Its executions stay readable. Where it runs as a part of another workflow, it goes on there.
     *
     *     `If-Match` refuses the change with 412 if somebody saved in between; without it, whoever saves last wins.
     */
    delete: operations["deleteWorkflow"];
    options?: never;
    head?: never;
    /**
     * Change some members of a workflow
     * @description Change some members of a workflow.
     *
     *     As RFC 7396 says: objects merge, lists are replaced, `null` takes a member away. An execution that is under way keeps the graph that it began with.
     *
     *     `If-Match` refuses the change with 412 if somebody saved in between; without it, whoever saves last wins.
     */
    patch: operations["updateWorkflow"];
    trace?: never;
  };
  "/api/workflows/{workflow_id}/duplicate": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Copy a workflow
     * @description Copy a workflow.
     *
     *     The new one has the same document, in which nodes and connections keep their ids; it has never run.
     */
    post: operations["duplicateWorkflow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/export": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Export a workflow
     * @description Export a workflow.
     *
     *     The document comes in an envelope, to be kept, or imported elsewhere. Secrets are blank in it: what a node type marks as one, and what is named like one.
     */
    get: operations["exportWorkflow"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/validate": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Find what is wrong with a workflow
     * @description Find what is wrong with a workflow.
     *
     *     It is looked at as it is saved; if the body has `nodes` or `connections`, these are looked at instead. Nothing is changed.
     */
    post: operations["validateWorkflow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/execute": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Execute a workflow
     * @description Execute a workflow.
     *
     *     The new execution has begun when the answer comes, or is `pending` if the body says `hold`. A graph that cannot run is refused with 422 `cannot_run`, which names every culprit; a workflow whose latest execution has not ended is refused with 409 `already_running`.
     */
    post: operations["executeWorkflow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/pause": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pause the latest execution of a workflow
     * @description Pause the latest execution of a workflow.
     *
     *     From `running` or `waiting`: its time stands still, nodes at work keep their progress, and its child executions pause, too. One that is paused already stays so; in any other status it is refused with 409 `wrong_status`.
     */
    post: operations["pauseWorkflow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/resume": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Resume the latest execution of a workflow
     * @description Resume the latest execution of a workflow.
     *
     *     From `paused`: it goes on where it stood, and its child executions, too. One that is under way already stays so; in any other status it is refused with 409 `wrong_status`.
     */
    post: operations["resumeWorkflow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/stop": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Stop the latest execution of a workflow
     * @description Stop the latest execution of a workflow.
     *
     *     From every status that is not final: what is at work is stopped, child executions, too, and what was not reached is skipped. It never goes on again. One that was stopped already stays so; one that has ended otherwise is refused with 409 `wrong_status`.
     */
    post: operations["stopWorkflow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/status": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The latest execution of a workflow in short, or `idle`
     * @description The latest execution of a workflow in short, or `idle`.
     *
     *     Inputs, outputs and logs are shown only where `?include=` asks for them.
     *
     *     `Prefer: wait=` or `?wait=` waits so many real seconds for it to change, or for a status of `?until=`; the answer comes earlier if the execution ends. With `If-None-Match`, what the caller does not know yet is told at once, and 304 says that nothing has changed.
     */
    get: operations["getWorkflowStatus"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/events": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The events of a workflow and its executions, as JSON or as a stream
     * @description The events of a workflow and its executions, as JSON or as a stream.
     *
     *     Those with a `cursor` after `?after=` are told, oldest first; `?wait=` waits so many real seconds for one if there is none yet. Go on with `last_cursor`. Who asks for events that are kept no more is refused with 409 `events_forgotten`.
     *
     *     With `Accept: text/event-stream` they are told as they happen, as server-sent events: `id:` is the `cursor`, `event:` the type, `data:` the event. `Last-Event-ID` goes on behind the last that the caller has. It ends when the workflow is deleted.
     */
    get: operations["listWorkflowEvents"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/dataflow": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What went over the connections of a workflow
     * @description What went over the connections of a workflow.
     *
     *     Of each connection: whether its latest execution sent anything over it, how much, and a piece of it.
     */
    get: operations["getDataflow"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/nodes": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the nodes of a workflow
     * @description List the nodes of a workflow.
     *
     *     They come in the order of the document, in which React Flow draws them.
     */
    get: operations["listNodes"];
    put?: never;
    /**
     * Add a node to a workflow
     * @description Add a node to a workflow.
     *
     *     It is put behind the others, and gets an id if it has none; one that is taken is refused with 409 `duplicate_id`. An execution that is under way keeps the graph that it began with.
     *
     *     `If-Match` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in between.
     */
    post: operations["createNode"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/nodes/{node_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a node of a workflow
     * @description Get a node of a workflow.
     *
     *     It is as it was sent. Its entity tag is that of the workflow, so it changes with anything in it.
     */
    get: operations["getNode"];
    /**
     * Replace a node of a workflow
     * @description Replace a node of a workflow.
     *
     *     It keeps its id, by which connections know it: another one in the body is refused with 422 `id_mismatch`. An execution that is under way keeps the graph that it began with.
     *
     *     `If-Match` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in between.
     */
    put: operations["replaceNode"];
    post?: never;
    /**
     * Delete a node, its children and their connections
     * @description Delete a node, its children and their connections.
     *
     *     With a group goes what is inside of it, as in React Flow. An execution that is under way keeps the graph that it began with.
     *
     *     `If-Match` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in between.
     */
    delete: operations["deleteNode"];
    options?: never;
    head?: never;
    /**
     * Change some members of a node
     * @description Change some members of a node.
     *
     *     As RFC 7396 says: objects merge at any depth, lists are replaced, `null` takes a member away. An execution that is under way keeps the graph that it began with.
     *
     *     `If-Match` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in between.
     */
    patch: operations["updateNode"];
    trace?: never;
  };
  "/api/workflows/{workflow_id}/nodes/{node_id}/process-files": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Execute one node of a workflow on uploaded files
     * @description Execute one node of a workflow on uploaded files.
     *
     *     The new execution is of this node alone. Its input is what the body has beside `file_ids`, and the files as `files`; it can read them to its end, whoever deletes them meanwhile.
     */
    post: operations["processFiles"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/connections": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the connections of a workflow
     * @description List the connections of a workflow.
     *
     *     They come in the order of the document.
     */
    get: operations["listConnections"];
    put?: never;
    /**
     * Connect two nodes of a workflow
     * @description Connect two nodes of a workflow.
     *
     *     Both must be there: only a whole graph may be saved with loose ends. Where a connection joins the same two ports already, nothing is made, and the answer is 200 with that one; if the body has another id than that one, it is refused with 409 `duplicate_connection`.
     *
     *     `If-Match` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in between.
     */
    post: operations["createConnection"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/connections/{connection_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a connection of a workflow
     * @description Get a connection of a workflow.
     *
     *     It is as it was sent. Its entity tag is that of the workflow, so it changes with anything in it.
     */
    get: operations["getConnection"];
    /**
     * Replace a connection of a workflow
     * @description Replace a connection of a workflow.
     *
     *     It keeps its id: so React Flow reconnects an edge. Both nodes must be there, and no other connection may join the same two ports.
     *
     *     `If-Match` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in between.
     */
    put: operations["replaceConnection"];
    post?: never;
    /**
     * Delete a connection of a workflow
     * @description Delete a connection of a workflow.
     *
     *     Its nodes stay. An execution that is under way keeps the graph that it began with.
     *
     *     `If-Match` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in between.
     */
    delete: operations["deleteConnection"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/schedules": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the schedules of a workflow
     * @description List the schedules of a workflow.
     *
     *     They come all at once, the oldest first.
     */
    get: operations["listWorkflowSchedules"];
    put?: never;
    /**
     * Create a schedule of a workflow
     * @description Create a schedule of a workflow.
     *
     *     It goes by a cron expression or by an interval, and counts from now, in virtual time: it fires when the clock of the sandbox comes there, however it does. Its executions wait for their turn where the workflow is at work. A rule that cannot be, and a node that is no trigger, are refused with 422 `bad_schedule`.
     */
    post: operations["createSchedule"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/schedules/{schedule_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a schedule of a workflow
     * @description Get a schedule of a workflow.
     *
     *     It tells when it is due next, and what became of it until now.
     */
    get: operations["getSchedule"];
    put?: never;
    post?: never;
    /**
     * Delete a schedule of a workflow
     * @description Delete a schedule of a workflow.
     *
     *     The executions that it has created stay, and go on.
     */
    delete: operations["deleteSchedule"];
    options?: never;
    head?: never;
    /**
     * Change a schedule of a workflow
     * @description Change a schedule of a workflow.
     *
     *     With another rule, or when it is enabled again, it counts anew from now.
     */
    patch: operations["updateSchedule"];
    trace?: never;
  };
  "/api/schedules": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the schedules of all workflows, the next one that is due first
     * @description List the schedules of all workflows, the next one that is due first.
     *
     *     Those that are never due again come last.
     */
    get: operations["listSchedules"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/webhooks": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the webhooks of a workflow
     * @description List the webhooks of a workflow.
     *
     *     Each of its triggers has one, unless it is disabled. Only who may edit the workflow is told: who has an address can execute it.
     */
    get: operations["listWebhooks"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/webhooks/{webhook_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Start an execution at a trigger that listens to GET
     * @description Start an execution at a trigger that listens to GET.
     *
     *     As with POST. What is sent as a body is not looked at.
     */
    get: operations["callWebhookWithGet"];
    /**
     * Start an execution at a trigger that listens to PUT
     * @description Start an execution at a trigger that listens to PUT.
     *
     *     As with POST.
     */
    put: operations["callWebhookWithPut"];
    /**
     * Start an execution at a trigger that listens to POST, as most do
     * @description Start an execution at a trigger that listens to POST, as most do.
     *
     *     It begins at that trigger, with the request as its input: `{method, path, headers, query, body}`. Where the workflow is at work, it waits for its turn, and is `pending` until then. The method that a `webhook_trigger` listens to is in its configuration; to another one the answer is 405. Nobody has to log in for this: who knows the address may call it.
     */
    post: operations["callWebhook"];
    /**
     * Start an execution at a trigger that listens to DELETE
     * @description Start an execution at a trigger that listens to DELETE.
     *
     *     As with POST. What is sent as a body is not looked at.
     */
    delete: operations["callWebhookWithDelete"];
    options?: never;
    head?: never;
    /**
     * Start an execution at a trigger that listens to PATCH
     * @description Start an execution at a trigger that listens to PATCH.
     *
     *     As with POST.
     */
    patch: operations["callWebhookWithPatch"];
    trace?: never;
  };
  "/api/workflows/{workflow_id}/shares": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * With whom a workflow is shared
     * @description With whom a workflow is shared.
     *
     *     Whoever sees the workflow sees that, too, and what they may do with it themselves. The link is for its owner only.
     */
    get: operations["listShares"];
    put?: never;
    /**
     * Share a workflow with a user
     * @description Share a workflow with a user.
     *
     *     They find it in their list (`?shared=true`), see its executions and are told of what happens there. With `edit` they may change and execute it; deleting and sharing it are for its owner.
     */
    post: operations["createShare"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/shares/{user_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Share a workflow with a user no more
     * @description Share a workflow with a user no more.
     *
     *     Its owner may do that, and the user themselves, who leaves so. From then on it is not there for them.
     */
    delete: operations["deleteShare"];
    options?: never;
    head?: never;
    /**
     * Change what a user may do with a shared workflow
     * @description Change what a user may do with a shared workflow.
     *
     *     From `view` to `edit`, or back.
     */
    patch: operations["updateShare"];
    trace?: never;
  };
  "/api/workflows/{workflow_id}/share-link": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a link that shows a workflow
     * @description Make a link that shows a workflow.
     *
     *     Whoever has it sees the workflow as it is at that moment, without a login, and may do nothing else with it. If there is one already, it stays.
     */
    post: operations["createShareLink"];
    /**
     * Revoke the link of a workflow
     * @description Revoke the link of a workflow.
     *
     *     It leads nowhere then; the next one is another one. Where there is none, nothing happens.
     */
    delete: operations["deleteShareLink"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/shared/{share_token}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Look at a shared workflow
     * @description Look at a shared workflow.
     *
     *     For whoever has the link, without a login. It is the document as it is now, with an empty text in the place of every secret; with `?shape=reactflow` it is just what `toObject()` gives.
     */
    get: operations["getSharedWorkflow"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/versions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the versions of a workflow, the newest first
     * @description List the versions of a workflow, the newest first.
     *
     *     Every save that changes the document makes one, which is the current one then. So many are kept as the setting `max_versions` says; of more, the oldest without a label goes first.
     */
    get: operations["listVersions"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/versions/{version}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a version of a workflow with its document
     * @description Get a version of a workflow with its document.
     *
     *     `workflow` is the document as it was saved; PUT to the workflow takes it as it is.
     */
    get: operations["getVersion"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Call a version of a workflow something
     * @description Call a version of a workflow something.
     *
     *     One that has a label is kept longer than those without. The workflow stays as it is, its revision too.
     */
    patch: operations["updateVersion"];
    trace?: never;
  };
  "/api/workflows/{workflow_id}/versions/{version}/diff": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Compare two versions of a workflow
     * @description Compare two versions of a workflow.
     *
     *     It is told what turns the older one into the newer one: nodes and connections that were added, removed and changed, and every other value that is another one. The oldest version that is kept is compared with itself if nothing else is asked for.
     */
    get: operations["compareVersions"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workflows/{workflow_id}/versions/{version}/restore": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Restore a version of a workflow
     * @description Restore a version of a workflow.
     *
     *     The document becomes that of the version again, as a new revision: what was saved in between stays among the versions. If the document is the same already, nothing changes. An execution that is under way keeps the graph that it began with.
     *
     *     `If-Match` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in between.
     */
    post: operations["restoreVersion"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/executions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List executions, the newest first
     * @description List executions, the newest first.
     *
     *     They are summaries, without nodes, inputs and outputs.
     */
    get: operations["listExecutions"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/executions/{execution_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get an execution with its nodes
     * @description Get an execution with its nodes.
     *
     *     Of nodes in a loop it has the latest round, or every one with `?iterations=all`.
     *
     *     `Prefer: wait=` or `?wait=` waits so many real seconds for it to change, or for a status of `?until=`; the answer comes earlier if the execution ends. With `If-None-Match`, what the caller does not know yet is told at once, and 304 says that nothing has changed.
     */
    get: operations["getExecution"];
    put?: never;
    post?: never;
    /**
     * Forget an execution that has ended
     * @description Forget an execution that has ended.
     *
     *     Its events are forgotten, too. One that has not ended is refused with 409 `wrong_status`: stop it first.
     */
    delete: operations["deleteExecution"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/executions/{execution_id}/pause": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pause an execution
     * @description Pause an execution.
     *
     *     From `running` or `waiting`: its time stands still, nodes at work keep their progress, and its child executions pause, too. One that is paused already stays so; in any other status it is refused with 409 `wrong_status`.
     */
    post: operations["pauseExecution"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/executions/{execution_id}/resume": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Resume an execution
     * @description Resume an execution.
     *
     *     From `paused`: it goes on where it stood, and its child executions, too. One that is under way already stays so; in any other status it is refused with 409 `wrong_status`.
     */
    post: operations["resumeExecution"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/executions/{execution_id}/stop": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Stop an execution
     * @description Stop an execution.
     *
     *     From every status that is not final: what is at work is stopped, child executions, too, and what was not reached is skipped. It never goes on again. One that was stopped already stays so; one that has ended otherwise is refused with 409 `wrong_status`.
     */
    post: operations["stopExecution"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/executions/{execution_id}/release": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let an execution begin that was held
     * @description Let an execution begin that was held.
     *
     *     From `pending`. One that has begun already stays as it is; one that is over, or of a schedule or a webhook and waits for its turn, is refused with 409 `wrong_status`.
     */
    post: operations["releaseExecution"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/executions/{execution_id}/retry": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Execute once more what has ended
     * @description Execute once more what has ended.
     *
     *     The new execution is of the workflow as it is saved now, with the same input, mocks, start and stop node, and with new luck. One that has not ended is refused with 409 `wrong_status`, and so is a workflow that is being executed, with `already_running`.
     */
    post: operations["retryExecution"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/executions/{execution_id}/events": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The events of an execution, as JSON or as a stream
     * @description The events of an execution, as JSON or as a stream.
     *
     *     Those with a `seq` after `?after=` are told, oldest first; `?wait=` waits so many real seconds for one if there is none yet. Go on with `last_seq`. Folding them all gives what getting the execution gives.
     *
     *     With `Accept: text/event-stream` they are told as they happen, as server-sent events: `id:` is the `seq`, `event:` the type, `data:` the event. `Last-Event-ID` goes on behind the last that the caller has. It ends after the event that ends the execution; whoever comes again then is told 204.
     */
    get: operations["listExecutionEvents"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/executions/{execution_id}/nodes/{node_id}/answer": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Answer a node that waits for a person
     * @description Answer a node that waits for a person.
     *
     *     The answer is the body itself, or its only member `answer`. One that does not fit the `schema` of the question is refused with 422 `bad_answer`, a node that asks nothing with 409 `not_waiting`, and an execution that is paused or over with 409 `wrong_status`.
     */
    post: operations["answerNode"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/events": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All events of a sandbox, as JSON or as a stream
     * @description All events of a sandbox, as JSON or as a stream.
     *
     *     Those with a `cursor` after `?after=` are told, oldest first; `?wait=` waits so many real seconds for one if there is none yet. Go on with `last_cursor`. Who asks for events that are kept no more is refused with 409 `events_forgotten`.
     *
     *     With `Accept: text/event-stream` they are told as they happen, as server-sent events: `id:` is the `cursor`, `event:` the type, `data:` the event. `Last-Event-ID` goes on behind the last that the caller has. It ends with `log.reset` when the sandbox is set back.
     */
    get: operations["listEvents"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/node-types": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The palette: every node type, by category and name
     * @description The palette: every node type, by category and name.
     *
     *     They come all at once, those of the server and one's own.
     */
    get: operations["listNodeTypes"];
    put?: never;
    /**
     * Add a node type of one's own
     * @description Add a node type of one's own.
     *
     *     It can be used at once. A document that does not fit is refused with 422 `invalid_node_type`, which names every fault; a name that is taken with 409 `node_type_exists`.
     */
    post: operations["createNodeType"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/node-types/{node_type}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a node type
     * @description Get a node type.
     *
     *     It has what a palette and a form need. One's own can be sent back as it was read.
     */
    get: operations["getNodeType"];
    /**
     * Replace a node type of one's own
     * @description Replace a node type of one's own.
     *
     *     Its name stays. Executions that are under way keep the one that they began with. Those of the server are refused with 409 `built_in_type`.
     */
    put: operations["replaceNodeType"];
    post?: never;
    /**
     * Remove a node type of one's own
     * @description Remove a node type of one's own.
     *
     *     Nodes of it stay, and are of an unknown type from now on: they hand their input on. Those of the server are refused with 409 `built_in_type`.
     */
    delete: operations["deleteNodeType"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/templates": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List templates, the last changed first
     * @description List templates, the last changed first.
     *
     *     They are summaries, with counts in the place of the graph.
     */
    get: operations["listTemplates"];
    put?: never;
    /**
     * Create a template
     * @description Create a template.
     *
     *     It is made of a graph, or of a workflow that is there. Its parameters must point at places in the graph, else they are refused with 422 `bad_parameter`.
     */
    post: operations["createTemplate"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/templates/import": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Import a template
     * @description Import a template.
     *
     *     A new one is made of an export of this server, of a template, or of any workflow that can be imported.
     */
    post: operations["importTemplate"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/templates/{template_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a template with its graph
     * @description Get a template with its graph.
     *
     *     Its parameters say what may be filled in when it is applied.
     */
    get: operations["getTemplate"];
    /**
     * Replace a template
     * @description Replace a template.
     *
     *     Members that are not sent stay, and so do workflows that were made from it.
     *
     *     `If-Match` refuses the change with 412 if somebody saved in between; without it, whoever saves last wins.
     */
    put: operations["replaceTemplate"];
    post?: never;
    /**
     * Delete a template
     * @description Delete a template.
     *
     *     Workflows that were made from it stay.
     *
     *     `If-Match` refuses the change with 412 if somebody saved in between; without it, whoever saves last wins.
     */
    delete: operations["deleteTemplate"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/templates/{template_id}/apply": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Put a template into a workflow, or make a new one of it
     * @description Put a template into a workflow, or make a new one of it.
     *
     *     Without `workflow_id` a new workflow is made. Else the graph takes the place of the one that is there (`replace`), or comes beside it (`merge`): ids that are taken change then, and whatever names them follows. An execution that is under way keeps the graph that it began with.
     *
     *     `If-Match` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in between.
     */
    post: operations["applyTemplate"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/templates/{template_id}/export": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Export a template
     * @description Export a template.
     *
     *     It comes in an envelope, to be kept, or imported elsewhere. Secrets are blank in it: what a node type marks as one, and what is named like one.
     */
    get: operations["exportTemplate"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/files": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List files, the newest first
     * @description List files, the newest first.
     *
     *     They are what people uploaded and what nodes wrote.
     */
    get: operations["listFiles"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/files/upload": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Upload files
     * @description Upload files.
     *
     *     They are the parts named `file` of a form: all of them are taken, or none. What each one is, is told from its bytes; its name is cleaned, and not believed.
     */
    post: operations["uploadFiles"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/files/{file_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get what was found in a file
     * @description Get what was found in a file.
     *
     *     Its bytes and its thumbnail have addresses of their own, which are in it.
     */
    get: operations["getFile"];
    put?: never;
    post?: never;
    /**
     * Delete a file
     * @description Delete a file.
     *
     *     An execution that was given it can read it to its end.
     */
    delete: operations["deleteFile"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/files/{file_id}/content": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The bytes of a file, or a range of them
     * @description The bytes of a file, or a range of them.
     *
     *     A browser shows pictures, audio, video, PDF and plain text in place; everything else is for saving, and can run nothing.
     */
    get: operations["getFileContent"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/files/{file_id}/thumbnail": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A small picture of a file
     * @description A small picture of a file.
     *
     *     Of what has no picture it shows the kind. It is WebP unless the caller asks for PNG, by `?format=` or by `Accept`.
     */
    get: operations["getFileThumbnail"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/auth/register": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Register
     * @description Register.
     *
     *     The new user is logged in at once, with the tokens of the answer. A username or an email that somebody has is refused with 409.
     */
    post: operations["register"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/auth/login": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Log in
     * @description Log in.
     *
     *     With the username or the email. Every sandbox has the users `demo`, `alice` and `admin` from the beginning, whose passwords are `demo-password`, `alice-password` and `admin-password`. What is wrong is refused with 401 `bad_credentials`, which does not tell whether there is such a user.
     */
    post: operations["login"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/auth/refresh": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Get new tokens
     * @description Get new tokens.
     *
     *     The refresh token is used up. One that is shown a second time ends its login, since somebody may have stolen it: 401 `bad_token`.
     */
    post: operations["refresh"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/auth/logout": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Log out
     * @description Log out.
     *
     *     All tokens of this login are refused from now on; other logins of the user, and API keys, stay.
     */
    post: operations["logout"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/auth/me": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who one is
     * @description Who one is.
     *
     *     Who has not logged in where nobody must is the user `demo`.
     */
    get: operations["getMe"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Change one's name or email
     * @description Change one's name or email.
     *
     *     Members that are not sent stay.
     */
    patch: operations["updateMe"];
    trace?: never;
  };
  "/api/auth/change-password": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Change one's password
     * @description Change one's password.
     *
     *     All other logins of the user end; API keys stay. A current password that is wrong is refused with 422 `wrong_password`.
     */
    post: operations["changePassword"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/auth/url-token": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Get a token for an address
     * @description Get a token for an address.
     *
     *     An `<img>`, an `EventSource` and a `WebSocket` cannot send a header: they show it as `?access_token=`. Addresses are seen by many, so it is good for a minute, and for nothing else.
     */
    post: operations["createUrlToken"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/auth/api-keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List one's API keys, oldest first
     * @description List one's API keys, oldest first.
     *
     *     They come all at once, without the keys themselves.
     */
    get: operations["listApiKeys"];
    put?: never;
    /**
     * Make an API key
     * @description Make an API key.
     *
     *     Only this answer has the key itself. It is shown as `Authorization: Bearer` or as `X-API-Key`, and may do whatever its user may.
     */
    post: operations["createApiKey"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/auth/api-keys/{api_key_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get an API key, without the key itself
     * @description Get an API key, without the key itself.
     *
     *     Those of others are not there for one.
     */
    get: operations["getApiKey"];
    put?: never;
    post?: never;
    /**
     * Revoke an API key
     * @description Revoke an API key.
     *
     *     It is refused from now on, and so are the tokens for addresses that were made with it.
     */
    delete: operations["revokeApiKey"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/users": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List users, by their usernames
     * @description List users, by their usernames.
     *
     *     This is for admins, and for everybody where nobody logs in.
     */
    get: operations["listUsers"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/users/{user_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a user
     * @description Get a user.
     *
     *     This is for admins; `GET /api/auth/me` is for everybody.
     */
    get: operations["getUser"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Change a user
     * @description Change a user.
     *
     *     Members that are not sent stay. Who is not active any more is logged out, and their API keys are refused. There is always an active admin: what would leave none is refused with 409 `last_admin`.
     */
    patch: operations["updateUser"];
    trace?: never;
  };
  "/api/ws": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Open a WebSocket for events and commands
     * @description Open a WebSocket for events and commands.
     *
     *     This is the handshake; what both sides say then has a schema of its own. A request that is no handshake is refused with 426 `upgrade_required`.
     */
    get: operations["openSocket"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/ws/schema": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The messages of the WebSocket, as JSON Schema
     * @description The messages of the WebSocket, as JSON Schema.
     *
     *     Those of a client are under `client`, those of the server under `server`.
     */
    get: operations["getSocketSchema"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The state of a sandbox: seed, clock, counts, faults and limits
     * @description The state of a sandbox: seed, clock, counts, faults and limits.
     *
     *     Looking at it changes nothing in it.
     */
    get: operations["getState"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control/reset": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a sandbox like a new one
     * @description Make a sandbox like a new one.
     *
     *     What is not given is as the server was started. Only its snapshots stay; executions, files, fault rules and the request log are gone, and open streams end with `log.reset`.
     */
    post: operations["resetSandbox"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control/clock": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How time goes by in a sandbox, and when it is
     * @description How time goes by in a sandbox, and when it is.
     *
     *     Looking at it does not move it.
     */
    get: operations["getClock"];
    /**
     * Change how time goes by, or let it go on to a moment
     * @description Change how time goes by, or let it go on to a moment.
     *
     *     What is not given stays. Everything that is due until then happens at its own time. Time never goes back: that is refused with 422 `clock_backwards`.
     */
    put: operations["setClock"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control/clock/advance": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let time go on: by seconds, to a moment, or until something happens
     * @description Let time go on: by seconds, to a moment, or until something happens.
     *
     *     Everything that is due happens at its own time; the answer comes when all is settled, with what happened. An `until` that does not come about is no error: `reached` is `false` then.
     */
    post: operations["advanceClock"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control/faults": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the fault rules, and how often each applied
     * @description List the fault rules, and how often each applied.
     *
     *     They come in the order in which they are asked.
     */
    get: operations["listFaults"];
    /**
     * Replace all fault rules
     * @description Replace all fault rules.
     *
     *     Their counts begin anew. Streams that are open keep the rule that they were opened with.
     */
    put: operations["replaceFaults"];
    /**
     * Add a fault rule behind the others
     * @description Add a fault rule behind the others.
     *
     *     The first rule that applies answers, and those behind it are not asked.
     */
    post: operations["createFault"];
    /**
     * Forget all fault rules
     * @description Forget all fault rules.
     *
     *     Streams that are open keep the rule that they were opened with.
     */
    delete: operations["deleteFaults"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control/requests": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the latest requests to a sandbox, oldest first
     * @description List the latest requests to a sandbox, oldest first.
     *
     *     A request is there with its answer, so one that still waits is not.
     */
    get: operations["listRequests"];
    put?: never;
    post?: never;
    /**
     * Forget requests of the log
     * @description Forget requests of the log.
     *
     *     They are those that GET shows with the same filters; without any, all.
     */
    delete: operations["clearRequests"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control/sandboxes": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the sandboxes that are alive, by name
     * @description List the sandboxes that are alive, by name.
     *
     *     Each comes with its clock, and with the moment at which it is forgotten if nobody uses it.
     */
    get: operations["listSandboxes"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control/sandboxes/{sandbox}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Delete a sandbox with all that it holds
     * @description Delete a sandbox with all that it holds.
     *
     *     Open streams end with `log.reset`. The name begins anew when it is used again.
     */
    delete: operations["deleteSandbox"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control/snapshots": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the snapshots of a sandbox
     * @description List the snapshots of a sandbox.
     *
     *     They come in the order in which they were taken or uploaded.
     */
    get: operations["listSnapshots"];
    put?: never;
    /**
     * Take a snapshot of a sandbox
     * @description Take a snapshot of a sandbox.
     *
     *     It holds everything as it is at this moment, in the middle of whatever is under way. A name that is taken is refused with 409 `snapshot_exists`.
     */
    post: operations["takeSnapshot"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control/snapshots/{snapshot}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download a snapshot
     * @description Download a snapshot.
     *
     *     The document can be kept, and uploaded here or elsewhere.
     */
    get: operations["downloadSnapshot"];
    /**
     * Upload a snapshot
     * @description Upload a snapshot.
     *
     *     It is a document that was downloaded somewhere; what could not be restored is refused. One of the same name gives way: the answer is 200 then, else 201.
     */
    put: operations["uploadSnapshot"];
    post?: never;
    /**
     * Delete a snapshot
     * @description Delete a snapshot.
     *
     *     Sandboxes that were restored or forked from it stay as they are.
     */
    delete: operations["deleteSnapshot"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control/snapshots/{snapshot}/restore": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Set a sandbox back to a snapshot
     * @description Set a sandbox back to a snapshot.
     *
     *     Its executions go on from there, also those that have ended since. Its snapshots and its request log stay; open streams end with `log.reset`.
     */
    post: operations["restoreSnapshot"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control/snapshots/{snapshot}/fork": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let another sandbox go on from a snapshot
     * @description Let another sandbox go on from a snapshot.
     *
     *     This one stays as it is. A sandbox that is alive is refused with 409 `sandbox_exists`, so that nobody's work is overwritten.
     */
    post: operations["forkSnapshot"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/_control/scenarios": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the scenarios that a sandbox can be filled with
     * @description List the scenarios that a sandbox can be filled with.
     *
     *     They come with the server, or are one's own, from the folder that it was started with.
     */
    get: operations["listScenarios"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/flows/": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List flows as the Django editor does, the last changed first
     * @description List flows as the Django editor does, the last changed first.
     *
     *     They come all at once and whole, as a bare array. Where users log in, they are the user's own, an admin's too.
     */
    get: operations["djangoListFlows"];
    put?: never;
    /**
     * Create a flow as the Django editor does
     * @description Create a flow as the Django editor does.
     *
     *     Only its name must be given. What is wrong with a body is told by field, in the words of Django REST framework. Forms are taken, too, with JSON in the fields for nodes, edges, metadata and tags.
     */
    post: operations["djangoCreateFlow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/flows/templates/": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List templates as the Django editor does
     * @description List templates as the Django editor does.
     *
     *     They come as a bare array, each with its graph, in which parameters have their usual values.
     */
    get: operations["djangoListTemplates"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/flows/{flow_id}/": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a flow as the Django editor does
     * @description Get a flow as the Django editor does.
     *
     *     It is the workflow with this `number`: its connections are the `edges`.
     */
    get: operations["djangoGetFlow"];
    /**
     * Save a flow as the Django editor does
     * @description Save a flow as the Django editor does.
     *
     *     The name must be given; other fields that are not given stay as they are, and so does what the workflow has beside them.
     */
    put: operations["djangoReplaceFlow"];
    post?: never;
    /**
     * Delete a flow as the Django editor does, and stop what runs of it
     * @description Delete a flow as the Django editor does, and stop what runs of it.
     *
     *     Through this door, its executions are gone with it.
     */
    delete: operations["djangoDeleteFlow"];
    options?: never;
    head?: never;
    /**
     * Change some fields of a flow as the Django editor does
     * @description Change some fields of a flow as the Django editor does.
     *
     *     Each that is given replaces the old one as a whole, metadata too.
     */
    patch: operations["djangoUpdateFlow"];
    trace?: never;
  };
  "/api/flows/{flow_id}/execute/": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Execute a flow as the Django editor does
     * @description Execute a flow as the Django editor does.
     *
     *     The execution has begun when the answer comes. A graph that cannot run is refused with 400, a flow that is being executed with 409.
     */
    post: operations["djangoExecuteFlow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/flows/{flow_id}/duplicate/": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Copy a flow as the Django editor does
     * @description Copy a flow as the Django editor does.
     *
     *     The name of the copy ends with `(Copy)`; it is not active, and its version is 1.0.0.
     */
    post: operations["djangoDuplicateFlow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/flows/{flow_id}/executions/": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the executions of a flow as the Django editor does, the newest first
     * @description List the executions of a flow as the Django editor does, the newest first.
     *
     *     They come all at once, as a bare array.
     */
    get: operations["djangoListExecutions"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/flows/{flow_id}/ws/": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Follow a flow as the Django editor does, over a WebSocket
     * @description Follow a flow as the Django editor does, over a WebSocket.
     *
     *     The first message is about its latest execution, if it ever ran; then one comes for every step. Each is `{type, flow, execution, node, progress}`: the execution and the node as they were after that step, the node `null` where it is about the whole, and the progress in percent.
     */
    get: operations["djangoFollowFlow"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/flows/executions/{flow_execution_id}/": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get an execution as the Django editor does
     * @description Get an execution as the Django editor does.
     *
     *     One that is paused, or waits for a person, is `running` here.
     */
    get: operations["djangoGetExecution"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/flows/executions/{flow_execution_id}/nodes/": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List what became of the nodes in an execution as the Django editor does
     * @description List what became of the nodes in an execution as the Django editor does.
     *
     *     There is, in the order of the graph, one entry for every node that can be executed, from the start; of one in a loop it has the latest round.
     */
    get: operations["djangoListNodeExecutions"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the flows of whoever asks, the last changed first
     * @description List the flows of whoever asks, the last changed first.
     *
     *     They come all at once, without their graphs. Admins get those of everybody.
     */
    get: operations["webuiListFlows"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/create": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Create a flow
     * @description Create a flow.
     *
     *     As with our own workflows, saving never fails because a graph is unfinished.
     */
    post: operations["webuiCreateFlow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/import": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Import a flow from an export of version 1.0
     * @description Import a flow from an export of version 1.0.
     *
     *     What the flow does not have is empty; without a name it is called `Imported Flow`.
     */
    post: operations["webuiImportFlow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/{flow_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a flow with its graph
     * @description Get a flow with its graph.
     *
     *     What a workflow has beyond a flow, such as its viewport and its tags, is not shown.
     */
    get: operations["webuiGetFlow"];
    put?: never;
    /**
     * Change a flow
     * @description Change a flow.
     *
     *     Members that are missing or `null` stay as they are, the others are replaced. What a workflow has beyond a flow, such as its viewport and its tags, stays, too.
     */
    post: operations["webuiUpdateFlow"];
    /**
     * Delete a flow, and stop what runs of it
     * @description Delete a flow, and stop what runs of it.
     *
     *     The answer is `true`.
     */
    delete: operations["webuiDeleteFlow"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/{flow_id}/duplicate": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Copy a flow
     * @description Copy a flow.
     *
     *     The copy belongs to whoever asks. It is called as the body says, else as the original with `(Copy)` behind it.
     */
    post: operations["webuiDuplicateFlow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/{flow_id}/export": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Export a flow
     * @description Export a flow.
     *
     *     Secrets are blank in it: what a node type marks as one, and what is named like one.
     */
    get: operations["webuiExportFlow"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/{flow_id}/execute": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Hand a flow to the client to execute, or execute it on the server
     * @description Hand a flow to the client to execute, or execute it on the server.
     *
     *     As usual nothing runs here: the answer has the graph, an order in which its nodes can run, and the inputs. With `?mode=server` it runs here, and is a usual execution.
     */
    post: operations["webuiExecuteFlow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/{flow_id}/executions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the executions of a flow on the server, the newest first
     * @description List the executions of a flow on the server, the newest first.
     *
     *     A page has 60 of them.
     */
    get: operations["webuiListExecutions"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/{flow_id}/executions/stats": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Count the executions of a flow
     * @description Count the executions of a flow.
     *
     *     They are those on the server; what clients execute by themselves is not known here.
     */
    get: operations["webuiGetStats"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/{flow_id}/executions/{flow_execution_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get an execution of a flow with what went in, came out and went wrong
     * @description Get an execution of a flow with what went in, came out and went wrong.
     *
     *     Of nodes in loops, it has the latest iteration.
     */
    get: operations["webuiGetExecution"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/{flow_id}/analytics": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Measure the executions of a flow, as a whole and by node
     * @description Measure the executions of a flow, as a whole and by node.
     *
     *     They are those on the server; what clients execute by themselves is not known here.
     */
    get: operations["webuiGetAnalytics"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description How far time is to go on. */
    AdvanceBody: {
      /** @description How many virtual seconds go by, to the millisecond. */
      seconds?: number;
      /** @description The moment to go on to, never back: ISO 8601, or milliseconds since 1970. */
      to?: string | number;
      /** @description What is waited for; time stands at the moment at which it happens. */
      until?: components["schemas"]["UntilBody"];
      /** @description How many events are to happen; fewer do if nothing is due any more. */
      events?: number;
      /** @description How many virtual seconds `until` is waited for; a day if nothing is said. */
      limit_seconds?: number;
    } & (unknown | unknown | unknown | unknown);
    /** @description What happened while time went on. */
    Advanced: {
      /** @description When it is in the sandbox now. */
      now: string;
      /** @description Whether what was asked for has come about; only `until` and `events` may end without it. */
      reached: boolean;
      /** @description How many events happened. */
      event_count: number;
      /** @description What happened, oldest first; of more than the limit `max_events_told` the latest. */
      events: components["schemas"]["Event"][];
    };
    /** @description Aggregate: Sums, averages and counts, by group. */
    AggregateNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "aggregate";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Group by
           * @description Fields whose values make the groups; none: one group.
           * @default []
           */
          group_by?: string[];
          /**
           * Operations
           * @description What is computed of each group.
           * @default [
           *       {
           *         "operation": "count"
           *       }
           *     ]
           */
          operations?: {
            /**
             * Operation
             * @description What to compute.
             * @default sum
             * @enum {string}
             */
            operation?: "sum" | "avg" | "min" | "max" | "count" | "first" | "last";
            /**
             * Field
             * @description Of which field.
             * @default
             */
            field?: string;
            /**
             * Name
             * @description Empty: operation and field, such as sum_price.
             * @default
             */
            as?: string;
          }[];
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description An API key, without what makes it one. */
    ApiKey: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description What it is for. */
      name: string;
      /** @description How the key begins, to tell it from others: `usk_` and some more. */
      prefix: string;
      /** @description When it was made, in virtual time. */
      created_at: string;
      /** @description When it ends; `null`: never. */
      expires_at: string | null;
    };
    /** @description A new API key. */
    ApiKeyBody: {
      /** @description What it is for. */
      name: string;
      /** @description When it ends, on the sandbox's clock: ISO 8601, or milliseconds since 1970. `null` or nothing: never. */
      expires_at?: (string | number) | null;
    };
    /** @description A list that comes all at once. */
    ApiKeyList: {
      /** @description The API keys of the user, oldest first. */
      items: components["schemas"]["ApiKey"][];
    };
    /** @description Where a template goes, and what is filled in. */
    ApplyBody: {
      /** @description The id of the workflow that the template goes into; `null` or nothing: a new one. */
      workflow_id?: string | null;
      /**
       * @description Whether the graph that is there goes (`replace`, the usual) or stays beside the new one (`merge`).
       * @enum {string}
       */
      mode?: "replace" | "merge";
      /** @description How far the nodes of the template move; those in a group move with it. */
      offset?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description Values, by the name of the parameter; one that is missing has its default. */
      parameters?: {
        [key: string]: unknown;
      };
    };
    /** @description Approval: Waits for a person's decision. */
    ApprovalNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "approval";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Question
           * Format: textarea
           * @description What the person reads.
           * @default Do you approve?
           */
          prompt?: string;
          /**
           * Approvers
           * @description Who is asked.
           * @default []
           */
          approvers?: string[];
          /**
           * Options
           * @description The buttons; the first approves unless its id says otherwise.
           * @default [
           *       {
           *         "id": "approved",
           *         "label": "Approve"
           *       },
           *       {
           *         "id": "rejected",
           *         "label": "Reject"
           *       }
           *     ]
           */
          options?: {
            /**
             * Id
             * @description The decision.
             */
            id: string;
            /**
             * Label
             * @description What the button says.
             */
            label?: string;
          }[];
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Chart data: Turns rows into data for a chart. */
    ChartNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "chart";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Chart
           * @description Chart
           * @default line
           * @enum {string}
           */
          chart_type?: "line" | "bar" | "pie" | "scatter" | "area";
          /**
           * X field
           * @description The field for the labels; if empty, a time or the first field.
           * @default
           */
          x?: string;
          /**
           * Y fields
           * @description One dataset each; if empty, all fields with numbers.
           * @default []
           */
          y?: string[];
          /**
           * Title
           * @description Title
           * @default
           */
          title?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Classifier: Picks the label that fits a text. */
    ClassifierNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "classifier";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Labels
           * @description Words after a colon help: 'billing: invoice, refund'.
           * @default [
           *       "positive: good, great, love, thanks",
           *       "negative: bad, broken, late, refund",
           *       "neutral"
           *     ]
           */
          labels?: string[];
          /**
           * Text
           * Format: textarea
           * @description If empty, what arrived.
           * @default
           */
          text?: string;
          /**
           * Model
           * @description Model
           * @default gpt-4o-mini
           */
          model?: string;
          /**
           * API key
           * Format: password
           * @description API key
           */
          api_key?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description How time goes by in a sandbox. */
    Clock: {
      /**
       * @description How time goes by: as outside (`real`), at a rate (`fast`), only when told (`stopped`), at once to the end of all executions (`instant`), or whenever somebody waits for something (`auto`).
       * @enum {string}
       */
      pace: "real" | "fast" | "stopped" | "instant" | "auto";
      /** @description Virtual seconds per real second; 0 where time stands by itself. */
      rate: number;
      /** @description When it is in the sandbox. */
      now: string;
    };
    /** @description What is to change about a clock. */
    ClockBody: {
      /**
       * @description How time goes by: as outside (`real`), at a rate (`fast`), only when told (`stopped`), at once to the end of all executions (`instant`), or whenever somebody waits for something (`auto`).
       * @enum {string}
       */
      pace?: "real" | "fast" | "stopped" | "instant" | "auto";
      /** @description Virtual seconds per real second, for pace `fast`; given alone, it chooses the pace that fits. */
      rate?: number;
      /** @description The moment to go on to first, never back: ISO 8601, or milliseconds since 1970. What is due until then happens. */
      now?: string | number;
    };
    /** @description Code: A JSONata expression. */
    CodeNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "code";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Expression
           * Format: expression
           * @description JSONata, such as $sum(items.price).
           * @default $json
           */
          expression?: string | boolean;
          /**
           * Run
           * @description Once for the whole input, or for each item.
           * @default once
           * @enum {string}
           */
          mode?: "once" | "each";
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A connection as it was saved: as it was sent, and with an id. */
    Connection: {
      /** @description By which it is found again: chosen by the client, or by the server if there is none. */
      id: string;
      /** @description The id of the node that it comes from. */
      source: string;
      /** @description The id of the node that it goes to. */
      target: string;
      /** @description The id of the port that it leaves by; `null` or nothing: the first. */
      sourceHandle?: string | null;
      /** @description The id of the port that it arrives at; `null` or nothing: the first. */
      targetHandle?: string | null;
      /** @description What the editor keeps about it. */
      data?: {
        [key: string]: unknown;
      } | null;
    } & {
      [key: string]: unknown;
    };
    /** @description A connection that is another one. */
    ConnectionChange: {
      /** @description The id of the connection. */
      id: string;
      /** @description The connection as it was. */
      before: components["schemas"]["Connection"];
      /** @description The connection as it is now. */
      after: components["schemas"]["Connection"];
      /** @description Each value of it that is another one; a list is one. */
      changes: components["schemas"]["Difference"][];
    };
    /** @description How much went over a connection, and a piece of it. */
    ConnectionDelivered: {
      /** @description The id of the connection in the graph. */
      connection_id: string;
      /** @description The id of the node that it comes from. */
      source: string;
      /** @description The id of the node that it goes to. */
      target: string;
      /** @description How many items went over it: those of a list, else 1. */
      items: number;
      /** @description How many bytes that is as JSON. */
      bytes: number;
      /** @description A piece of it that is small enough for a tooltip. */
      preview: unknown;
    };
    /** @description Something went over a connection. */
    ConnectionDeliveredEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "connection.delivered";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["ConnectionDelivered"];
    };
    /** @description What is different of the connections. */
    ConnectionDifferences: {
      /** @description The connections that are new. */
      added: components["schemas"]["Connection"][];
      /** @description The connections that are gone. */
      removed: components["schemas"]["Connection"][];
      /** @description The connections that are others now. */
      changed: components["schemas"]["ConnectionChange"][];
      /** @description The ids of all in their new order; `null` if those that stay kept theirs and the added ones follow. */
      order: string[] | null;
    };
    /** @description What has gone over one connection. */
    ConnectionFlow: {
      /** @description The id of the connection in the graph. */
      connection_id: string;
      /** @description The id of the node that it comes from. */
      source: string;
      /** @description The id of the node that it goes to. */
      target: string;
      /**
       * @description Whether its source is at work (`active`), something went over it, or nothing ever will (`dead`).
       * @enum {string}
       */
      status: "idle" | "active" | "delivered" | "dead";
      /** @description How many items went over it: those of a list, else 1; 0 before. */
      items: number;
      /** @description How many bytes that is as JSON; 0 before. */
      bytes: number;
      /** @description A piece of what went over it last, small enough for a tooltip; `null` before. */
      preview: unknown;
      /** @description When something last went over it; `null` before. */
      delivered_at: string | null;
    };
    /** @description A connection as React Flow writes an edge; other members are kept, too. */
    ConnectionInput: {
      /** @description By which it is found again: chosen by the client, or by the server if there is none. */
      id?: string;
      /** @description The id of the node that it comes from. */
      source: string;
      /** @description The id of the node that it goes to. */
      target: string;
      /** @description The id of the port that it leaves by; `null` or nothing: the first. */
      sourceHandle?: string | null;
      /** @description The id of the port that it arrives at; `null` or nothing: the first. */
      targetHandle?: string | null;
      /** @description What the editor keeps about it. */
      data?: {
        [key: string]: unknown;
      } | null;
    } & {
      [key: string]: unknown;
    };
    /** @description A list that comes all at once. */
    ConnectionList: {
      /** @description The connections, in the order of the document. */
      items: components["schemas"]["Connection"][];
    };
    /** @description Constant: A fixed value. */
    ConstantNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "constant";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Value
           * @description Any JSON value.
           * @default Hello
           */
          value?: unknown;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Convert image: Gives images another format. */
    ConvertNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "convert";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Format
           * @description Format
           * @default webp
           * @enum {string}
           */
          format?: "webp" | "png" | "jpeg" | "gif";
          /**
           * Quality
           * @description For WebP and JPEG.
           * @default 85
           */
          quality?: number;
          /**
           * Files
           * Format: file-ids
           * @description Ids of uploaded files; if empty, the files that arrive.
           * @default []
           */
          file_ids?: string[];
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description How much a sandbox holds. */
    Counts: {
      /** @description How many workflows there are. */
      workflows: number;
      /** @description How many executions are kept, those under way among them. */
      executions: number;
      /** @description How many templates there are. */
      templates: number;
      /** @description How many files there are. */
      files: number;
      /** @description How many node types of one's own there are. */
      node_types: number;
      /** @description How many events have happened since the log began: its last cursor. */
      events: number;
      /** @description How many snapshots are kept. */
      snapshots: number;
      /** @description How many requests the request log has. */
      requests: number;
      /** @description How many streams are open. */
      streams: number;
    };
    /** @description One thing that is wrong, and where it is. */
    Culprit: {
      /** @description The place in the body, as a JSON Pointer; of a query parameter, a slash and its name. */
      pointer: string;
      /** @description What is wrong there, for people. */
      message: string;
      /** @description The id of the node to mark on the canvas. */
      node_id?: string | null;
      /** @description The id of the connection to mark on the canvas. */
      connection_id?: string | null;
      /** @description The name of the query parameter that does not fit. */
      parameter?: string;
      /** @description What is wrong there, for programs, where a graph cannot run. */
      code?: string;
      /** @description The ids of the nodes of a cycle, in their order; the first is the last. */
      path?: unknown;
    };
    /** @description What has gone over the connections of a workflow. */
    Dataflow: {
      /** @description The id of the execution that is shown; `null` if the workflow never ran. */
      execution_id: string | null;
      /** @description The id of the workflow. */
      workflow_id: string;
      /** @description The status of that execution; `idle` if there is none. */
      status: components["schemas"]["WorkflowStatus"];
      /** @description Every connection with what went over it, in the order of the graph. */
      connections: components["schemas"]["ConnectionFlow"][];
    };
    /** @description Date: Reckons with dates and times. */
    DateNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "date";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Operation
           * @description What to do with the date.
           * @default now
           * @enum {string}
           */
          operation?: "now" | "add" | "format" | "parse" | "diff";
          /**
           * Date
           * @description ISO 8601; empty: from the field, else now.
           * @default
           */
          value?: string;
          /**
           * Field
           * @description Where the date lies in the input.
           * @default
           */
          field?: string;
          /**
           * Amount
           * @description For add; may be negative.
           * @default 1
           */
          amount?: number;
          /**
           * Unit
           * @description For add and diff.
           * @default days
           * @enum {string}
           */
          unit?: "days" | "hours" | "minutes" | "seconds" | "weeks" | "months" | "years" | "milliseconds";
          /**
           * Format
           * @description For format, as strftime has it.
           * @default %Y-%m-%d %H:%M
           */
          format?: string;
          /**
           * Other date
           * @description For diff; empty: now.
           * @default
           */
          other?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Default: React Flow's plain node: passes its input through. */
    DefaultNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "default";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: Record<string, unknown>;
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Delay: Waits before it goes on. */
    DelayNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "delay";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Seconds
           * @description How long it waits.
           * @default 5
           */
          seconds?: number;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A value that is another one. */
    Difference: {
      /** @description Where it is, as a JSON Pointer. */
      pointer: string;
      /** @description What was there; missing where nothing was. */
      before?: unknown;
      /** @description What is there now; missing where nothing is. */
      after?: unknown;
    };
    /** @description Display: Shows what arrives. */
    DisplayNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "display";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Show as
           * @description How to show it; auto looks at it.
           * @default auto
           * @enum {string}
           */
          kind?: "auto" | "table" | "text" | "json" | "image";
          /**
           * Title
           * @description Title
           * @default
           */
          title?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description That a flow is being executed. */
    DjangoExecutionStarted: {
      /** @description The id of the execution. */
      execution_id: number;
      /**
       * @description That it was started.
       * @constant
       */
      status: "started";
      /** @description The same in words. */
      message: string;
    };
    /** @description A flow: a workflow as this door shows it. */
    DjangoFlow: {
      /** @description What names it in addresses. */
      id: number;
      /** @description What people call it. */
      name: string;
      /** @description What it is for. */
      description: string;
      /** @description The nodes, as React Flow writes them. */
      nodes: components["schemas"]["Node"][];
      /** @description The edges between them, as React Flow writes them. */
      edges: components["schemas"]["Connection"][];
      /** @description Whatever else belongs to it. */
      metadata: {
        [key: string]: unknown;
      };
      /** @description Whether it is in use; nothing follows from it here. */
      is_active: boolean;
      /** @description When it was created. */
      created_at: string;
      /** @description When it was last changed. */
      updated_at: string;
      /** @description Its version, as its author counts them. */
      version: string;
      /** @description Words to find it by. */
      tags: string[];
    };
    /** @description One run of a flow. */
    DjangoFlowExecution: {
      /** @description What names it in addresses. */
      id: number;
      /** @description The id of the flow. */
      flow: number;
      /**
       * @description Whether it is under way, and how it ended. One that is paused or waits for a person is `running`.
       * @enum {string}
       */
      status: "pending" | "running" | "completed" | "failed" | "stopped";
      /** @description When it was created. */
      started_at: string;
      /** @description When it ended, however it did; `null` before. */
      completed_at: string | null;
      /** @description What it gave; `{}` before. */
      result: unknown;
      /** @description Why it failed; empty if it did not. */
      error_message: string;
    };
    /** @description A flow as it is saved; what may be left out stays as it is, or is empty in a new one. */
    DjangoFlowInput: {
      /** @description What people call it. At most 255 characters. */
      name: string | number;
      /** @description What it is for. At most 100000 characters. */
      description?: string | number;
      /** @description The nodes, as React Flow writes them. */
      nodes?: components["schemas"]["NodeInput"][];
      /** @description The edges between them, as React Flow writes them. */
      edges?: components["schemas"]["ConnectionInput"][];
      /** @description Whatever else belongs to it. */
      metadata?: {
        [key: string]: unknown;
      };
      /** @description Whether it is in use; nothing follows from it here. Words such as `yes`, and 0 and 1, are taken, too. */
      is_active?: boolean | string | number;
      /** @description Its version, as its author counts them. At most 20 characters. */
      version?: string | number;
      /** @description Words to find it by. */
      tags?: string[];
    } & {
      [key: string]: unknown;
    };
    /** @description Those fields of a flow that change. */
    DjangoFlowPatch: {
      /** @description What people call it. At most 255 characters. */
      name?: string | number;
      /** @description What it is for. At most 100000 characters. */
      description?: string | number;
      /** @description The nodes, as React Flow writes them. */
      nodes?: components["schemas"]["NodeInput"][];
      /** @description The edges between them, as React Flow writes them. */
      edges?: components["schemas"]["ConnectionInput"][];
      /** @description Whatever else belongs to it. */
      metadata?: {
        [key: string]: unknown;
      };
      /** @description Whether it is in use; nothing follows from it here. Words such as `yes`, and 0 and 1, are taken, too. */
      is_active?: boolean | string | number;
      /** @description Its version, as its author counts them. At most 20 characters. */
      version?: string | number;
      /** @description Words to find it by. */
      tags?: string[];
    } & {
      [key: string]: unknown;
    };
    /** @description A ready-made flow to start from. */
    DjangoFlowTemplate: {
      /** @description What people call it. */
      name: string;
      /** @description What it is for. */
      description: string;
      /** @description The nodes, as React Flow writes them. */
      nodes: components["schemas"]["Node"][];
      /** @description The edges between them, as React Flow writes them. */
      edges: components["schemas"]["Connection"][];
      /** @description Words to find it by. */
      tags: string[];
    };
    /** @description An error: in one sentence, or by field what is wrong with it. */
    DjangoFlowsError: {
      /** @description What went wrong. */
      detail?: string;
      /** @description What is wrong with the body as a whole. */
      non_field_errors?: string[];
    } & {
      [key: string]: string[];
    };
    /** @description One run of a node. */
    DjangoNodeExecution: {
      /** @description What tells it from others. */
      id: number;
      /** @description The id of the execution that it belongs to. */
      flow_execution: number;
      /** @description The id of the node in the flow. */
      node_id: string;
      /**
       * @description Whether it is at work, and how it ended. One that was skipped stays `pending`, a stopped one `failed`.
       * @enum {string}
       */
      status: "pending" | "running" | "completed" | "failed";
      /** @description What arrived at it, by port; `{}` before. */
      input_data: {
        [key: string]: unknown;
      };
      /** @description What left it, by port; `{}` before. */
      output_data: {
        [key: string]: unknown;
      };
      /** @description When it began; `null` before. */
      executed_at: string | null;
      /** @description How many milliseconds it took; 0 before it ended. */
      duration_ms: number;
    };
    /** @description What a copy is called. */
    DuplicateBody: {
      /** @description What the copy is called; without it, as the original with `(Copy)` behind it. */
      name?: string;
    };
    /** @description Send email: Sends a mail. */
    EmailNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "email";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * To
           * @description Addresses, with commas between them.
           * @default team@example.com
           */
          to?: string;
          /**
           * Cc
           * @description Cc
           * @default
           */
          cc?: string;
          /**
           * Subject
           * @description Subject
           * @default News from the workflow
           */
          subject?: string;
          /**
           * Body
           * Format: textarea
           * @description If empty, what arrived.
           * @default
           */
          body?: string;
          /**
           * SMTP password
           * Format: password
           * @description SMTP password
           */
          smtp_password?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Embeddings: Turns texts into vectors. */
    EmbeddingsNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "embeddings";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Text
           * Format: textarea
           * @description If empty, what arrived: one text, or a list.
           * @default
           */
          text?: string;
          /**
           * Field
           * @description Of a list of objects: the field to embed.
           * @default
           */
          field?: string;
          /**
           * Model
           * @description Model
           * @default text-embedding-3-small
           */
          model?: string;
          /**
           * Dimensions
           * @description Dimensions
           * @default 64
           */
          dimensions?: number;
          /**
           * API key
           * Format: password
           * @description API key
           */
          api_key?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Why something failed. */
    Error: {
      /** @description What went wrong, for programs. */
      code: string;
      /** @description What went wrong, for people. */
      message: string;
      /** @description The id of the node with which an execution failed, if it was one. */
      node_id?: string;
    } & {
      [key: string]: unknown;
    };
    /** @description What there is to tell about an error code: what happened, and what to do about it. */
    ErrorCode: {
      /** @description The word that programs go by. */
      code: string;
      /**
       * @description What has the code: an answer, a node or an execution that failed, or an issue of a graph.
       * @enum {string}
       */
      kind: "answer" | "failure" | "issue";
      /** @description Of an answer: the statuses that it comes with. */
      statuses: number[];
      /** @description Of an issue: how bad it can be. */
      severities: ("error" | "warning" | "info")[];
      /** @description What it says, in a few words. */
      title: string;
      /** @description What has happened where it comes up. */
      happened: string;
      /** @description What to do about it. */
      do: string;
      /** @description Where its page is. */
      url: string;
    };
    /** @description A list that comes all at once. */
    ErrorCodeList: {
      /** @description The codes: those of answers, of failures, and of issues. */
      items: components["schemas"]["ErrorCode"][];
    };
    /** @description Something that happened. Folding the events of an execution gives what GET gives of it. */
    Event:
      | components["schemas"]["ExecutionCreatedEvent"]
      | components["schemas"]["ExecutionStartedEvent"]
      | components["schemas"]["ExecutionPausedEvent"]
      | components["schemas"]["ExecutionResumedEvent"]
      | components["schemas"]["ExecutionWaitingEvent"]
      | components["schemas"]["ExecutionCompletedEvent"]
      | components["schemas"]["ExecutionFailedEvent"]
      | components["schemas"]["ExecutionStoppedEvent"]
      | components["schemas"]["NodeStartedEvent"]
      | components["schemas"]["NodeProgressEvent"]
      | components["schemas"]["NodeCompletedEvent"]
      | components["schemas"]["NodeFailedEvent"]
      | components["schemas"]["NodeRetryingEvent"]
      | components["schemas"]["NodeWaitingEvent"]
      | components["schemas"]["NodeSkippedEvent"]
      | components["schemas"]["NodeStoppedEvent"]
      | components["schemas"]["ConnectionDeliveredEvent"]
      | components["schemas"]["LogEvent"]
      | components["schemas"]["WorkflowChangedEvent"];
    /** @description Events of an execution. */
    EventPage: {
      /** @description The events, oldest first. */
      items: components["schemas"]["Event"][];
      /** @description How far was looked: go on with it as `after`, and nothing is missed. */
      last_seq: number;
    };
    /** @description Events of a workflow or of the sandbox. */
    EventPageByCursor: {
      /** @description The events, oldest first. */
      items: components["schemas"]["Event"][];
      /** @description How far was looked: go on with it as `after`, and nothing is missed. */
      last_cursor: number;
    };
    /** @description What an execution is told at its start. */
    ExecuteBody: {
      /** @description What the execution works on, any JSON: the first nodes get it. Without it, or with `null`, a `manual_trigger` gives its `sample`. */
      input?: unknown;
      /** @description From which durations, failures and made-up values follow; without it, or with `null`, one is drawn. */
      seed?: number | null;
      /** @description Whether it stays `pending` until it is released, so that somebody can subscribe first. */
      hold?: boolean;
      /** @description By node id: what a node does in the place of its work; it comes before what is pinned in its `data.mock`. */
      mocks?: {
        [key: string]: components["schemas"]["Mock"];
      };
      /** @description The id of the node to start at: only this and what it leads to is executed. `null`: from the beginning. */
      start_node?: string | null;
      /** @description The id of the node to end with: only this and what leads to it is executed. `null`: to the end. */
      stop_node?: string | null;
    };
    /** @description An execution with its nodes. */
    Execution: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description Counts the executions of the sandbox; its id where ids are whole numbers. */
      number: number;
      /** @description The id of the user that it belongs to. */
      owner_id: string;
      /** @description The id of the workflow that is executed. */
      workflow_id: string;
      /** @description What the workflow was called when the execution was created. */
      workflow_name: string;
      /** @description The revision of the workflow that is executed: the execution keeps its graph, whatever is saved later. */
      workflow_revision: number;
      /** @description Whether it is held, under way, paused, waiting for a person, or over, and how it ended. */
      status: components["schemas"]["ExecutionStatus"];
      /**
       * @description How it came to be: started by hand, as a part of the graph, with files, as a retry, by a node, by a schedule or by a webhook.
       * @enum {string}
       */
      mode: "manual" | "partial" | "process_files" | "retry" | "sub_workflow" | "schedule" | "webhook";
      /** @description From which its durations, failures and made-up values follow. */
      seed: number;
      /** @description The id of the node that it starts at; `null` if at the beginning. */
      start_node: string | null;
      /** @description The id of the node that it ends with; `null` if it goes to the end. */
      stop_node: string | null;
      /** @description The execution that this one is a part of; `null` if it is none's. */
      parent: components["schemas"]["Parent"] | null;
      /** @description The id of the execution that this one repeats; `null` if it repeats none. */
      retry_of: string | null;
      /** @description Why it failed; `null` if it did not. */
      error: components["schemas"]["Error"] | null;
      /** @description How much of it is done. */
      progress: components["schemas"]["Progress"];
      /** @description When it was created. */
      created_at: string;
      /** @description When it began; `null` if it has not. */
      started_at: string | null;
      /** @description When it ended; `null` before. */
      finished_at: string | null;
      /** @description Milliseconds from its start to its latest event; pauses do not count. */
      elapsed_ms: number;
      /** @description The `seq` of its latest event: who reads its events from here on misses none. */
      last_seq: number;
      /** @description What it was given to work on. */
      input: unknown;
      /** @description What it gave back: what a `respond` node said, else what the last nodes gave, by node id; `null` before it has completed. */
      output: unknown;
      /** @description Every status that it had, oldest first. */
      status_history: components["schemas"]["StatusChange"][];
      /** @description What people are asked at the moment. */
      waiting_for: components["schemas"]["WaitingFor"][];
      /** @description The latest node execution of every node, in the order of the graph; with `?iterations=all`, those of earlier rounds come before. */
      nodes: components["schemas"]["NodeExecution"][];
    };
    /** @description That the status of the execution is another one. */
    ExecutionChanged: {
      /** @description Why, where the work itself did not lead to it: `command`, `answered`, `timeout`, `parent` or `workflow_deleted`; else `null`. */
      reason: string | null;
    };
    /** @description What the execution gave. */
    ExecutionCompleted: {
      /** @description Why, where the work itself did not lead to it: `command`, `answered`, `timeout`, `parent` or `workflow_deleted`; else `null`. */
      reason: string | null;
      /** @description How much of the execution is done now. */
      progress: components["schemas"]["Progress"];
      /** @description What a `respond` node said, else what the last nodes gave, by node id. */
      output: {
        [key: string]: unknown;
      } | null;
    };
    /** @description An execution has ended well; nothing comes after it. */
    ExecutionCompletedEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "execution.completed";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["ExecutionCompleted"];
    };
    /** @description An execution was created, and is `pending`. */
    ExecutionCreatedEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "execution.created";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["Execution"];
    };
    /** @description That the execution has ended. */
    ExecutionEnded: {
      /** @description Why, where the work itself did not lead to it: `command`, `answered`, `timeout`, `parent` or `workflow_deleted`; else `null`. */
      reason: string | null;
      /** @description How much of the execution is done now. */
      progress: components["schemas"]["Progress"];
    };
    /** @description Why the execution failed. */
    ExecutionFailed: {
      /** @description Why, where the work itself did not lead to it: `command`, `answered`, `timeout`, `parent` or `workflow_deleted`; else `null`. */
      reason: string | null;
      /** @description How much of the execution is done now. */
      progress: components["schemas"]["Progress"];
      /** @description What went wrong, and with which node. */
      error: components["schemas"]["Error"];
    };
    /** @description An execution has failed; nothing comes after it. */
    ExecutionFailedEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "execution.failed";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["ExecutionFailed"];
    };
    /** @description An execution was paused: its time stands still. */
    ExecutionPausedEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "execution.paused";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["ExecutionChanged"];
    };
    /** @description That the execution goes on. */
    ExecutionResumed: {
      /** @description Why, where the work itself did not lead to it: `command`, `answered`, `timeout`, `parent` or `workflow_deleted`; else `null`. */
      reason: string | null;
      /** @description What people are asked, after a pause; where it is not told, it did not change by this. */
      waiting_for?: components["schemas"]["WaitingFor"][];
    };
    /** @description An execution goes on, after a pause or after the last question was answered. */
    ExecutionResumedEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "execution.resumed";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["ExecutionResumed"];
    };
    /** @description An execution has begun. */
    ExecutionStartedEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "execution.started";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["ExecutionChanged"];
    };
    /**
     * @description The status of an execution.
     * @enum {string}
     */
    ExecutionStatus: "pending" | "running" | "waiting" | "paused" | "completed" | "failed" | "stopped";
    /** @description A status of an execution. */
    ExecutionStatusMeaning: {
      /** @description What it says, in words. */
      meaning: string;
      /** @description Whether nothing can follow it. */
      final: boolean;
      /** @description The types of the events that lead to it. */
      events: string[];
      /** @description The statuses that may follow it. */
      next: components["schemas"]["ExecutionStatus"][];
      /** @description What can be said to it, and changes something. */
      commands: ("answer" | "execute" | "pause" | "release" | "resume" | "retry" | "stop")[];
      /** @description The word for it. */
      status: components["schemas"]["ExecutionStatus"];
    };
    /** @description An execution was stopped; nothing comes after it. */
    ExecutionStoppedEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "execution.stopped";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["ExecutionEnded"];
    };
    /** @description An execution as lists show it. */
    ExecutionSummary: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description Counts the executions of the sandbox; its id where ids are whole numbers. */
      number: number;
      /** @description The id of the user that it belongs to. */
      owner_id: string;
      /** @description The id of the workflow that is executed. */
      workflow_id: string;
      /** @description What the workflow was called when the execution was created. */
      workflow_name: string;
      /** @description The revision of the workflow that is executed: the execution keeps its graph, whatever is saved later. */
      workflow_revision: number;
      /** @description Whether it is held, under way, paused, waiting for a person, or over, and how it ended. */
      status: components["schemas"]["ExecutionStatus"];
      /**
       * @description How it came to be: started by hand, as a part of the graph, with files, as a retry, by a node, by a schedule or by a webhook.
       * @enum {string}
       */
      mode: "manual" | "partial" | "process_files" | "retry" | "sub_workflow" | "schedule" | "webhook";
      /** @description From which its durations, failures and made-up values follow. */
      seed: number;
      /** @description The id of the node that it starts at; `null` if at the beginning. */
      start_node: string | null;
      /** @description The id of the node that it ends with; `null` if it goes to the end. */
      stop_node: string | null;
      /** @description The execution that this one is a part of; `null` if it is none's. */
      parent: components["schemas"]["Parent"] | null;
      /** @description The id of the execution that this one repeats; `null` if it repeats none. */
      retry_of: string | null;
      /** @description Why it failed; `null` if it did not. */
      error: components["schemas"]["Error"] | null;
      /** @description How much of it is done. */
      progress: components["schemas"]["Progress"];
      /** @description When it was created. */
      created_at: string;
      /** @description When it began; `null` if it has not. */
      started_at: string | null;
      /** @description When it ended; `null` before. */
      finished_at: string | null;
      /** @description Milliseconds from its start to its latest event; pauses do not count. */
      elapsed_ms: number;
      /** @description The `seq` of its latest event: who reads its events from here on misses none. */
      last_seq: number;
    };
    /** @description A page of executions. */
    ExecutionSummaryPage: {
      /** @description The executions on this page. */
      items: components["schemas"]["ExecutionSummary"][];
      /** @description Which page this is, from 1. */
      page: number;
      /** @description How many items a page has at most. */
      per_page: number;
      /** @description How many there are on all pages. */
      total: number;
      /** @description How many pages there are; 0 if there is nothing to show. */
      pages: number;
    };
    /** @description Nothing goes on in an execution before a person answers. */
    ExecutionWaitingEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "execution.waiting";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["ExecutionChanged"];
    };
    /** @description Extract metadata: Tells what is known about files. */
    ExtractMetadataNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "extract_metadata";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Only these
           * @description Names, with commas between them; if empty, all.
           * @default
           */
          fields?: string;
          /**
           * Files
           * Format: file-ids
           * @description Ids of uploaded files; if empty, the files that arrive.
           * @default []
           */
          file_ids?: string[];
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Extract text: Reads the text in files. */
    ExtractTextNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "extract_text";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Most characters
           * @description Per file.
           * @default 100000
           */
          max_chars?: number;
          /**
           * Files
           * Format: file-ids
           * @description Ids of uploaded files; if empty, the files that arrive.
           * @default []
           */
          file_ids?: string[];
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A file and what was found in it. */
    File: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description What it was called when it was uploaded or written, without what a file name must not have. */
      name: string;
      /** @description How many bytes it has. */
      size: number;
      /** @description What it is, told from its bytes and not from its name. */
      content_type: string;
      /**
       * @description What it is, as far as an editor must tell apart.
       * @enum {string}
       */
      kind: "image" | "pdf" | "audio" | "video" | "text" | "archive" | "other";
      /** @description The SHA-256 of its bytes, in hexadecimal digits. */
      sha256: string;
      /** @description The id of the user that it belongs to. */
      owner_id: string;
      /** @description Pixels from left to right, as the picture is seen; `null` if it has none. */
      width: number | null;
      /** @description Pixels from top to bottom, as the picture is seen; `null` if it has none. */
      height: number | null;
      /** @description What else was found in it; `error` if it is damaged, `mismatch` if its name claims another type. */
      metadata: {
        [key: string]: unknown;
      };
      /** @description Where a small picture of it is. */
      thumbnail_url: string;
      /** @description Where its bytes are. */
      content_url: string;
      /** @description When it was uploaded or written, in virtual time. */
      created_at: string;
    };
    /** @description File input: Uploaded files. */
    FileInputNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "file_input";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Files
           * @description Ids of uploaded files; empty: those that come in.
           * @default []
           */
          file_ids?: string[];
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A list that comes all at once. */
    FileList: {
      /** @description The files, in the order in which they were sent. */
      items: components["schemas"]["File"][];
    };
    /** @description A page of files. */
    FilePage: {
      /** @description The files on this page. */
      items: components["schemas"]["File"][];
      /** @description Which page this is, from 1. */
      page: number;
      /** @description How many items a page has at most. */
      per_page: number;
      /** @description How many there are on all pages. */
      total: number;
      /** @description How many pages there are; 0 if there is nothing to show. */
      pages: number;
    };
    /** @description Filter: Keeps the items that fulfil a condition. */
    FilterNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "filter";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Condition
           * Format: expression
           * @description What an item must fulfil: price > 10.
           * @default true
           */
          condition?: string | boolean;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description The name of the sandbox that is to go on from a snapshot. */
    ForkBody: {
      /** @description The sandbox that is made; none of this name may be alive. */
      sandbox: string;
    };
    /** @description Form: Waits until a person has filled in a form. */
    FormNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "form";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Title
           * @description What the person reads first.
           * @default Please fill in
           */
          title?: string;
          /**
           * Description
           * Format: textarea
           * @description A sentence below the title.
           * @default
           */
          description?: string;
          /**
           * Fields
           * @description What is asked.
           * @default [
           *       {
           *         "name": "name",
           *         "label": "Your name",
           *         "type": "text",
           *         "required": true
           *       }
           *     ]
           */
          fields?: {
            /**
             * Name
             * @description The key in the answer.
             */
            name: string;
            /**
             * Label
             * @description What the person reads.
             */
            label?: string;
            /**
             * Type
             * @description What can be entered.
             * @default text
             * @enum {string}
             */
            type?: "text" | "number" | "boolean" | "choice" | "date" | "email" | "textarea";
            /**
             * Required
             * @description Whether it may stay empty.
             * @default false
             */
            required?: boolean;
            /**
             * Options
             * @description For type 'choice'.
             */
            options?: unknown[];
            /**
             * Default
             * @description What is filled in already.
             */
            default?: unknown;
          }[];
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Gmail: Sends or searches mail. */
    GmailNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "gmail";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Operation
           * @description Operation
           * @default send
           * @enum {string}
           */
          operation?: "send" | "search";
          /**
           * To
           * @description Addresses, with commas between them.
           * @default team@example.com
           */
          to?: string;
          /**
           * Subject
           * @description Subject
           * @default News from the workflow
           */
          subject?: string;
          /**
           * Body
           * Format: textarea
           * @description If empty, what arrived.
           * @default
           */
          body?: string;
          /**
           * Search
           * @description As in Gmail: subject:invoice is:unread.
           * @default INBOX
           */
          query?: string;
          /**
           * Most mails
           * @description Most mails
           * @default 5
           */
          limit?: number;
          /**
           * Credentials
           * Format: password
           * @description Credentials
           */
          credentials?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Google Sheets: Reads or appends rows. */
    GoogleSheetsNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "google_sheets";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Operation
           * @description Operation
           * @default read
           * @enum {string}
           */
          operation?: "read" | "append";
          /**
           * Spreadsheet
           * @description Its id or address.
           * @default 1aBcD2eFgH3iJkL4mNoP5qRsT6uVwX7yZ
           */
          spreadsheet: string;
          /**
           * Range
           * @description A sheet, or cells such as Orders!A1:D20; the first row is the header.
           * @default Orders
           */
          range?: string;
          /**
           * Header
           * @description The columns of the sheet; if empty, those its name suggests.
           * @default []
           */
          columns?: string[];
          /**
           * Most rows
           * @description Where the range names no last row.
           * @default 10
           */
          limit?: number;
          /**
           * Rows to append
           * @description If empty, what arrived.
           */
          rows?: unknown;
          /**
           * Credentials
           * Format: password
           * @description Credentials
           */
          credentials?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A graph; React Flow's `edges` is read as `connections`. */
    GraphBody: {
      /** @description Its nodes, in the order in which they are drawn. */
      nodes?: components["schemas"]["NodeInput"][];
      /** @description The connections between its nodes. */
      connections?: components["schemas"]["ConnectionInput"][];
      /** @description Which part of the canvas is looked at. */
      viewport?: components["schemas"]["Viewport"];
      /** @description What React Flow calls `connections`: give one of the two. */
      edges?: components["schemas"]["ConnectionInput"][];
    } & {
      [key: string]: unknown;
    };
    /** @description Group: A frame around other nodes; it is never executed itself. */
    GroupNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "group";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: Record<string, unknown>;
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description That the server is there, and what it is made of. */
    Health: {
      /**
       * @description That the server answers.
       * @constant
       */
      status: "ok";
      /**
       * @description Whether people log in: nobody does (`off`), who likes does (`optional`), everybody must (`required`).
       * @enum {string}
       */
      auth: "off" | "optional" | "required";
      /**
       * @description Who may direct: programs and pages of the server's own machine (`open`), whoever shows the control token (`token`), or nobody (`closed`).
       * @enum {string}
       */
      control: "open" | "token" | "closed";
      /** @description The versions of the server, of Python and of the packages that answers depend on, by name. */
      versions: {
        [key: string]: string;
      };
    };
    /** @description HTTP request: Calls an address and gives its answer. */
    HttpRequestNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "http_request";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Method
           * @description Method
           * @default GET
           * @enum {string}
           */
          method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
          /**
           * URL
           * Format: uri-template
           * @description The address to call.
           * @default https://api.example.com/users
           */
          url: string;
          /**
           * Headers
           * @description By name.
           * @default {}
           */
          headers?: Record<string, unknown>;
          /**
           * Query
           * @description Added to the address.
           * @default {}
           */
          query?: Record<string, unknown>;
          /**
           * Body
           * @description Sent with POST, PUT, PATCH and DELETE; if empty, what arrived.
           */
          body?: unknown;
          /**
           * Token
           * Format: password
           * @description Sent as a bearer token.
           */
          auth_token?: string;
          /**
           * Timeout (ms)
           * @description Timeout (ms)
           * @default 30000
           */
          timeout_ms?: number;
          /**
           * Fail on status 400 and above
           * @description Fail on status 400 and above
           * @default true
           */
          fail_on_error_status?: boolean;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description That a workflow never ran. */
    Idle: {
      /**
       * @description That there is no execution.
       * @constant
       */
      status: "idle";
      /** @description The id of the workflow that was asked about. */
      workflow_id: string;
    };
    /** @description If: Goes one way if a condition holds, else the other. */
    IfNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "if";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Condition
           * Format: expression
           * @description An expression such as $json.total > 100.
           * @default true
           */
          condition?: string | boolean;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Where things are. */
    Index: {
      /** @description What answers here. */
      name: string;
      /** @description Which release of it. */
      version: string;
      /** @description Where to begin, by what is there. */
      links: {
        [key: string]: string;
      };
    };
    /** @description Input: React Flow's first node: passes the input of the execution on. */
    InputNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "input";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: Record<string, unknown>;
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Something that keeps a workflow from running, or may. */
    Issue: {
      /** @description What is wrong, for programs. */
      code: string;
      /**
       * @description How bad it is: an `error` keeps the graph from running, a `warning` is likely not meant so.
       * @enum {string}
       */
      severity: "error" | "warning" | "info";
      /** @description What is wrong, for people. */
      message: string;
      /** @description The place in the graph, as a JSON Pointer. */
      pointer: string;
      /** @description The id of the node to mark on the canvas. */
      node_id?: string | null;
      /** @description The id of the connection to mark on the canvas. */
      connection_id?: string | null;
      /** @description The ids of the nodes of a cycle, in their order; the first is the last. */
      path?: string[];
    };
    /** @description Join: Matches two lists by a key. */
    JoinNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "join";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Key
           * @description The field by which items match.
           * @default id
           */
          key?: string;
          /**
           * Key on the right
           * @description If it has another name there.
           * @default
           */
          right_key?: string;
          /**
           * Keep
           * @description Only matches, all of the left, or all of both.
           * @default inner
           * @enum {string}
           */
          mode?: "inner" | "left" | "outer";
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Key-value store: Keeps values between executions. */
    KeyValueNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "key_value";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Operation
           * @description Operation
           * @default get
           * @enum {string}
           */
          operation?: "get" | "set" | "delete" | "increment";
          /**
           * Namespace
           * @description Keys of different namespaces never meet.
           * @default default
           */
          namespace?: string;
          /**
           * Key
           * @description Key
           * @default counter
           */
          key: string;
          /**
           * Value
           * @description To set; if empty, what arrived.
           */
          value?: unknown;
          /**
           * Count up by
           * @description Count up by
           * @default 1
           */
          by?: number;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A node of a type that the server knows, with the configuration that the type has. */
    KnownNode:
      | components["schemas"]["ManualTriggerNode"]
      | components["schemas"]["WebhookTriggerNode"]
      | components["schemas"]["ScheduleTriggerNode"]
      | components["schemas"]["ConstantNode"]
      | components["schemas"]["RandomNode"]
      | components["schemas"]["SensorNode"]
      | components["schemas"]["FileInputNode"]
      | components["schemas"]["FormNode"]
      | components["schemas"]["SetNode"]
      | components["schemas"]["CodeNode"]
      | components["schemas"]["TemplateNode"]
      | components["schemas"]["FilterNode"]
      | components["schemas"]["SplitNode"]
      | components["schemas"]["JoinNode"]
      | components["schemas"]["RenameKeysNode"]
      | components["schemas"]["SortNode"]
      | components["schemas"]["AggregateNode"]
      | components["schemas"]["MovingAverageNode"]
      | components["schemas"]["MinMaxNode"]
      | components["schemas"]["LimitNode"]
      | components["schemas"]["UniqueNode"]
      | components["schemas"]["DateNode"]
      | components["schemas"]["IfNode"]
      | components["schemas"]["SwitchNode"]
      | components["schemas"]["MergeNode"]
      | components["schemas"]["LoopNode"]
      | components["schemas"]["DelayNode"]
      | components["schemas"]["StopWithErrorNode"]
      | components["schemas"]["SubWorkflowNode"]
      | components["schemas"]["ApprovalNode"]
      | components["schemas"]["HttpRequestNode"]
      | components["schemas"]["MqttInNode"]
      | components["schemas"]["MqttOutNode"]
      | components["schemas"]["WebsocketNode"]
      | components["schemas"]["EmailNode"]
      | components["schemas"]["SqlQueryNode"]
      | components["schemas"]["KeyValueNode"]
      | components["schemas"]["WriteFileNode"]
      | components["schemas"]["LlmChatNode"]
      | components["schemas"]["EmbeddingsNode"]
      | components["schemas"]["ClassifierNode"]
      | components["schemas"]["RagQueryNode"]
      | components["schemas"]["SummarizeNode"]
      | components["schemas"]["SlackNode"]
      | components["schemas"]["GmailNode"]
      | components["schemas"]["GoogleSheetsNode"]
      | components["schemas"]["ThumbnailNode"]
      | components["schemas"]["ResizeNode"]
      | components["schemas"]["ConvertNode"]
      | components["schemas"]["ExtractTextNode"]
      | components["schemas"]["ExtractMetadataNode"]
      | components["schemas"]["DisplayNode"]
      | components["schemas"]["LogNode"]
      | components["schemas"]["ChartNode"]
      | components["schemas"]["RespondNode"]
      | components["schemas"]["DefaultNode"]
      | components["schemas"]["InputNode"]
      | components["schemas"]["OutputNode"]
      | components["schemas"]["NoteNode"]
      | components["schemas"]["GroupNode"];
    /** @description The latest execution of a workflow, in short. */
    LastExecution: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description Whether it is under way, and how it ended. */
      status: components["schemas"]["ExecutionStatus"];
      /**
       * @description How it came to be.
       * @enum {string}
       */
      mode: "manual" | "partial" | "process_files" | "retry" | "sub_workflow" | "schedule" | "webhook";
      /** @description When it was created. */
      created_at: string;
      /** @description When it began; `null` if it has not. */
      started_at: string | null;
      /** @description When it ended; `null` before. */
      finished_at: string | null;
    };
    /** @description Limit: Keeps the first or last items. */
    LimitNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "limit";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Items
           * @description How many are kept.
           * @default 10
           */
          count?: number;
          /**
           * Keep
           * @description From which end.
           * @default first
           * @enum {string}
           */
          keep?: "first" | "last";
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description LLM chat: Asks a language model. */
    LlmChatNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "llm_chat";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Provider
           * @description Provider
           * @default openai
           * @enum {string}
           */
          provider?: "openai" | "anthropic" | "google" | "mistral" | "ollama";
          /**
           * Model
           * @description Model
           * @default gpt-4o-mini
           */
          model?: string;
          /**
           * API key
           * Format: password
           * @description API key
           */
          api_key?: string;
          /**
           * System
           * Format: textarea
           * @description How the model should behave.
           * @default You are a helpful assistant.
           */
          system?: string;
          /**
           * Prompt
           * Format: textarea
           * @description The task; if empty, what arrived.
           * @default
           */
          prompt?: string;
          /**
           * Put what arrived below the prompt
           * @description Put what arrived below the prompt
           * @default true
           */
          include_input?: boolean;
          /**
           * Temperature
           * @description At 0 the same prompt always gives the same answer.
           * @default 0.7
           */
          temperature?: number;
          /**
           * Longest answer (tokens)
           * @description Longest answer (tokens)
           * @default 512
           */
          max_tokens?: number;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description What a node has to say. */
    Log: {
      /** @description The id of the node in the graph. */
      node_id: string;
      /** @description The round of the loop that the node is in, from 0; of loops within each other the list of rounds, `null` where there is no loop. */
      iteration: unknown;
      /**
       * @description How much it matters: `debug`, `info`, `warning` or `error`.
       * @enum {string}
       */
      level: "debug" | "info" | "warning" | "error";
      /** @description What the line says. */
      message: string;
    };
    /** @description A node wrote a line into its log. */
    LogEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "log";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["Log"];
    };
    /** @description What a node has to say. */
    LogLine: {
      /** @description When it was written. */
      at: string;
      /** @description How much it matters: `debug`, `info`, `warning` or `error`. */
      level: string;
      /** @description What the line says. */
      message: string;
    };
    /** @description Log: Writes a line into the log. */
    LogNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "log";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Level
           * @description Level
           * @default info
           * @enum {string}
           */
          level?: "info" | "debug" | "warning" | "error";
          /**
           * Message
           * @description If empty, what arrived.
           * @default
           */
          message?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A request in the log. */
    LoggedRequest: {
      /** @description When it was answered, in virtual time. */
      at: string;
      /** @description The HTTP method, in capitals. */
      method: string;
      /** @description What was asked for, without the prefix of the sandbox. */
      path: string;
      /** @description The query parameters as they were sent, without the question mark. */
      query: string;
      /** @description The status of the answer; `null` if the connection was broken on purpose. */
      status: number | null;
      /** @description Real milliseconds until the answer, the delays of faults among them. */
      ms: number;
      /** @description What bent it: the id of a rule, `prefer` or `latency`; `null` if nothing did. */
      rule: string | null;
    };
    /** @description A list that comes all at once. */
    LoggedRequestList: {
      /** @description The latest requests, oldest first. */
      items: components["schemas"]["LoggedRequest"][];
    };
    /** @description Who logs in. */
    LoginBody: {
      /** @description The username, or the email. */
      username: string;
      /** @description The password. */
      password: string;
    };
    /** @description Loop over items: Runs what hangs on 'item' once per item, then goes on at 'done'. */
    LoopNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "loop";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Items
           * Format: expression
           * @description An expression; empty: what arrives. A number: so many rounds.
           * @default
           */
          items?: string | unknown[] | number;
          /**
           * Batch size
           * @description Items per round.
           * @default 1
           */
          batch_size?: number;
          /**
           * At most
           * @description Rounds; the rest is left out.
           * @default 100
           */
          max_iterations?: number;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Manual trigger: Starts when someone presses Execute, with the input that was given. */
    ManualTriggerNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "manual_trigger";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Sample
           * @description Used if nothing is given.
           */
          sample?: unknown;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description What users change about themselves; what is not given stays. */
    MeChange: {
      /** @description What others see. */
      name?: string;
      /** @description Where mail would go; one can log in with it, too. An empty text: none. */
      email?: string;
    };
    /** @description Merge: Brings several ways together. */
    MergeNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "merge";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Mode
           * @description One list, one object, the first, or all as a list.
           * @default append
           * @enum {string}
           */
          mode?: "append" | "combine" | "first" | "wait_all";
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Min / max: The least and the greatest value of a series. */
    MinMaxNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "min_max";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Field
           * @description Empty: 'value', or the items themselves.
           * @default
           */
          field?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description What a node is pinned to do; it is marked as `mocked` wherever it shows. */
    Mock: {
      /** @description What leaves: by port if all its members are named like ports, else by the first. Without it, the input does. */
      output?: unknown;
      /** @description Milliseconds that each attempt takes; without it, as long as the type usually does. */
      duration_ms?: number;
      /** @description With what it fails: a message, or a code and a message. */
      error?:
        | string
        | ({
            /** @description What went wrong, for programs; `mocked` if nothing is said. */
            code?: string;
            /** @description What went wrong, for people. */
            message?: string;
          } & {
            [key: string]: unknown;
          });
      /** @description How many attempts fail before one works; without it, all do if there is an `error`, else none. */
      fail_attempts?: number;
      /** @description Whether it is skipped. */
      skip?: boolean;
    } & {
      [key: string]: unknown;
    };
    /** @description Moving average: Smooths a series. */
    MovingAverageNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "moving_average";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Window
           * @description How many items go into an average.
           * @default 5
           */
          window?: number;
          /**
           * Field
           * @description Of which field; empty: 'value', or the items themselves.
           * @default
           */
          field?: string;
          /**
           * Name
           * @description Empty: the field's name and _average.
           * @default
           */
          target?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description MQTT in: Starts with a message of an MQTT topic. */
    MqttInNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "mqtt_in";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Broker
           * @description Broker
           * @default mqtt://localhost:1883
           */
          broker?: string;
          /**
           * Topic
           * @description What to listen to; + and # are wildcards.
           * @default sensors/temperature
           */
          topic: string;
          /**
           * QoS
           * @description 0 at most once, 1 at least once, 2 exactly once.
           * @default 0
           */
          qos?: number;
          /**
           * Messages
           * @description How many of the latest messages to take.
           * @default 1
           */
          count?: number;
          /**
           * User name
           * @description User name
           * @default
           */
          username?: string;
          /**
           * Password
           * Format: password
           * @description Password
           */
          password?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description MQTT out: Publishes to an MQTT topic. */
    MqttOutNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "mqtt_out";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Broker
           * @description Broker
           * @default mqtt://localhost:1883
           */
          broker?: string;
          /**
           * Topic
           * @description Topic
           * @default actuators/fan
           */
          topic: string;
          /**
           * Payload
           * @description If empty, what arrived.
           */
          payload?: unknown;
          /**
           * QoS
           * @description QoS
           * @default 0
           */
          qos?: number;
          /**
           * Retain
           * @description The broker keeps it for those who come later.
           * @default false
           */
          retain?: boolean;
          /**
           * User name
           * @description User name
           * @default
           */
          username?: string;
          /**
           * Password
           * Format: password
           * @description Password
           */
          password?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description An API key, the only time that it is shown. */
    NewApiKey: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description What it is for. */
      name: string;
      /** @description How the key begins, to tell it from others: `usk_` and some more. */
      prefix: string;
      /** @description When it was made, in virtual time. */
      created_at: string;
      /** @description When it ends; `null`: never. */
      expires_at: string | null;
      /** @description The key itself, for `Authorization: Bearer` or `X-API-Key`. It is not kept, only its hash. */
      key: string;
    };
    /** @description A node type of one's own. */
    NewNodeType: {
      /** @description What nodes of this type carry as their `type`. */
      type: string;
      /** @description What the palette shows; made of the type if it is not given. */
      display_name?: string;
      /** @description What it does, in a sentence. */
      description?: string;
      /** @description Under which heading the palette shows it. */
      category?: string;
      /** @description The name of its icon. */
      icon?: string;
      /** @description Its color, such as `#3b82f6`. */
      color?: string;
      /** @description Where connections come in. */
      inputs?: {
        /** @description How connections name it: as `sourceHandle` or `targetHandle`. */
        id: string;
        /** @description What it is called. */
        label?: string;
        /**
         * @description What may flow through it.
         * @enum {string}
         */
        data_type?:
          "any" | "object" | "array" | "string" | "number" | "boolean" | "file" | "message" | "table" | "vector";
        /** @description Whether a node does not run without it. */
        required?: boolean;
        /** @description How many connections it takes; `null` for any number. */
        max_connections?: number | null;
      }[];
      /** @description Where connections leave. */
      outputs?: {
        /** @description How connections name it: as `sourceHandle` or `targetHandle`. */
        id: string;
        /** @description What it is called. */
        label?: string;
        /**
         * @description What may flow through it.
         * @enum {string}
         */
        data_type?:
          "any" | "object" | "array" | "string" | "number" | "boolean" | "file" | "message" | "table" | "vector";
        /** @description Whether a node does not run without it. */
        required?: boolean;
        /** @description How many connections it takes; `null` for any number. */
        max_connections?: number | null;
      }[];
      /** @description What its configuration looks like, as JSON Schema. */
      config_schema?: Record<string, unknown>;
      /** @description The configuration that a new node begins with. */
      defaults?: Record<string, unknown>;
      /** @description What leaves by each port, as JSON Schema. */
      output_schema?: {
        [key: string]: Record<string, unknown>;
      };
      /** @description How it behaves while nothing is behind it. */
      simulation?: {
        /** @description How long it takes, in milliseconds; or a lognormal distribution. */
        duration_ms?:
          | number
          | {
              /** @description Half of the runs take less. */
              median?: number;
              /** @description How far it varies: the standard deviation of its logarithm. */
              sigma?: number;
              /** @description No run takes less. */
              min?: number;
              /** @description No run takes more. */
              max?: number;
            };
        /** @description How often it fails by chance, where failures are on. */
        failure_rate?: number;
      };
      /** @description What leaves it: a sample by port, or `passthrough` for what arrived. */
      output?: "passthrough" | Record<string, unknown> | null;
    } & {
      [key: string]: unknown;
    };
    /** @description A node as it was saved: as it was sent, and with an id. */
    Node: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id: string;
      /** @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. */
      type?: string | null;
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: components["schemas"]["NodeData"];
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    } & {
      [key: string]: unknown;
    };
    /** @description A node that is another one. */
    NodeChange: {
      /** @description The id of the node. */
      id: string;
      /** @description The node as it was. */
      before: components["schemas"]["Node"];
      /** @description The node as it is now. */
      after: components["schemas"]["Node"];
      /** @description Each value of it that is another one; a list is one. */
      changes: components["schemas"]["Difference"][];
    };
    /** @description What a node gave, by port. */
    NodeCompleted: {
      /** @description The id of the node in the graph. */
      node_id: string;
      /** @description The round of the loop that the node is in, from 0; of loops within each other the list of rounds, `null` where there is no loop. */
      iteration: unknown;
      /** @description How many attempts it took. */
      attempt: number;
      /** @description What leaves, by port; `null` if nothing does. */
      output: {
        [key: string]: unknown;
      };
      /** @description The port that was taken, of a node that decides; else `null`. */
      branch: string | null;
      /** @description Virtual milliseconds that its last attempt took, pauses left out. */
      duration_ms: number;
      /** @description How far it is, in percent: it is done. */
      progress: number;
      /** @description How much of the execution is done now. */
      execution_progress: components["schemas"]["Progress"];
    };
    /** @description A node has ended well. */
    NodeCompletedEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "node.completed";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["NodeCompleted"];
    };
    /** @description What a node is set to do; members that are not named here are the editor's own. */
    NodeData: {
      /** @description What stands on the node, usually a text; expressions find its output under this name. */
      label?: unknown;
      /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
      config?: {
        [key: string]: unknown;
      } | null;
      /** @description Whether the node does nothing but hand its input on. */
      disabled?: boolean;
      /**
       * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
       * @enum {string}
       */
      on_error?: "stop" | "continue" | "error_port";
      /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
      retry?: components["schemas"]["Retry"] | null;
      /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
      timeout_ms?: number | null;
      /** @description What the node does in the place of its work; `null` or nothing: it works. */
      mock?: components["schemas"]["Mock"] | null;
    } & {
      [key: string]: unknown;
    };
    /** @description What is different of the nodes. */
    NodeDifferences: {
      /** @description The nodes that are new. */
      added: components["schemas"]["Node"][];
      /** @description The nodes that are gone. */
      removed: components["schemas"]["Node"][];
      /** @description The nodes that are others now; a move is one, too. */
      changed: components["schemas"]["NodeChange"][];
      /** @description The ids of all in their new order; `null` if those that stay kept theirs and the added ones follow. */
      order: string[] | null;
    };
    /** @description One run of a node. Inputs, outputs and logs are left out where only the status is asked for. */
    NodeExecution: {
      /** @description The id of the node in the graph. */
      node_id: string;
      /** @description The type of the node. */
      node_type: string;
      /** @description Whether it has been reached, is at work, or has ended, and how. */
      status: components["schemas"]["NodeStatus"];
      /** @description The round of the loop that the node is in, from 0; of loops within each other the list of rounds, `null` where there is no loop. */
      iteration: unknown;
      /** @description How many attempts have begun; 0 before the first. */
      attempt: number;
      /** @description How far the latest attempt is, in percent. */
      progress: number;
      /** @description When the first attempt began; `null` before. */
      started_at: string | null;
      /** @description When it ended; `null` before. */
      finished_at: string | null;
      /** @description Milliseconds from the start to the end, with all attempts and delays but without pauses; `null` before. */
      duration_ms: number | null;
      /** @description What arrived, by port; `null` before the node started. */
      input?: {
        [key: string]: unknown;
      } | null;
      /** @description What leaves, by port; `null` if nothing does. */
      output?: {
        [key: string]: unknown;
      } | null;
      /** @description The port that was taken, of a node that decides; else `null`. */
      branch: string | null;
      /**
       * @description Whether the outcome is simulated, or pinned to the node or to the execution (`mocked`).
       * @enum {string}
       */
      origin: "simulated" | "mocked";
      /** @description Why the latest attempt failed; `null` if it did not. */
      error: components["schemas"]["Error"] | null;
      /** @description What the node had to say, oldest first. */
      logs?: components["schemas"]["LogLine"][];
    };
    /** @description Why a node failed, and what leaves it all the same. */
    NodeFailed: {
      /** @description The id of the node in the graph. */
      node_id: string;
      /** @description The round of the loop that the node is in, from 0; of loops within each other the list of rounds, `null` where there is no loop. */
      iteration: unknown;
      /** @description How many attempts there were. */
      attempt: number;
      /** @description Why the last attempt failed. */
      error: components["schemas"]["Error"];
      /** @description What leaves all the same, by port, where `on_error` says so; else `null`. */
      output: {
        [key: string]: unknown;
      } | null;
      /** @description Milliseconds from the start to the end, with all attempts and delays but without pauses; `null` before. */
      duration_ms: number | null;
      /** @description How much of the execution is done now. */
      execution_progress: components["schemas"]["Progress"];
    };
    /** @description The last attempt of a node has failed. */
    NodeFailedEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "node.failed";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["NodeFailed"];
    };
    /** @description A node as React Flow writes it; members that are not named here are kept, too. */
    NodeInput: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /** @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. */
      type?: string | null;
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      data?:
        | components["schemas"]["NodeData"]
        | {
            [key: string]: unknown;
          };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    } & {
      [key: string]: unknown;
    };
    /** @description A list that comes all at once. */
    NodeList: {
      /** @description The nodes, in the order of the document. */
      items: components["schemas"]["Node"][];
    };
    /** @description How far a node is. */
    NodeProgress: {
      /** @description The id of the node in the graph. */
      node_id: string;
      /** @description The round of the loop that the node is in, from 0; of loops within each other the list of rounds, `null` where there is no loop. */
      iteration: unknown;
      /** @description How far the attempt is, in percent. */
      progress: number;
    };
    /** @description A node that takes long came further. */
    NodeProgressEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "node.progress";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["NodeProgress"];
    };
    /** @description Why an attempt failed, and when the next one begins. */
    NodeRetrying: {
      /** @description The id of the node in the graph. */
      node_id: string;
      /** @description The round of the loop that the node is in, from 0; of loops within each other the list of rounds, `null` where there is no loop. */
      iteration: unknown;
      /** @description Which attempt failed, from 1. */
      attempt: number;
      /** @description Why the attempt failed. */
      error: components["schemas"]["Error"];
      /** @description Milliseconds until the next attempt begins. */
      delay_ms: number;
      /** @description How many attempts there are at most. */
      max_attempts: number;
    };
    /** @description An attempt of a node has failed, and another one comes. */
    NodeRetryingEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "node.retrying";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["NodeRetrying"];
    };
    /** @description A rule about nodes: they fail, or take longer. */
    NodeRule: {
      /** @description What the rule is called; `rule_1` and so on if nothing is said. */
      id?: string;
      /** @description Which of the matches it applies to, counted from 1: one, or a list of them. */
      nth?: number | number[];
      /** @description How often it applies at most. */
      times?: number;
      /** @description In which share of the matches it applies, by chance from the seed. */
      probability?: number;
      /** @description How often it matched: only told, not listened to. */
      matched?: unknown;
      /** @description How often it applied: only told, not listened to. */
      applied?: unknown;
      /** @description What the rule is about: all that is given must fit, and everything does if nothing is. */
      match?: {
        /** @description The type of a node. */
        node_type?: string;
        /** @description The id of a node. */
        node_id?: string;
      };
      /** @description What happens to an attempt of a node. */
      node: {
        /** @description With what the attempt fails: a message, or a code and a message. */
        error?:
          | string
          | {
              /** @description What went wrong, for programs; `fault` if nothing is said. */
              code?: string;
              /** @description What went wrong, for people. */
              message?: string;
            };
        /** @description How many attempts of a node fail before one works; without it, all. */
        fail_attempts?: number;
        /** @description Milliseconds that the attempt takes. */
        duration_ms?: number;
      };
    };
    /** @description That a node will not run; of the end of an execution that is all there is to tell. */
    NodeSkipped: {
      /** @description The id of the node in the graph. */
      node_id: string;
      /** @description The round of the loop that the node is in, from 0; of loops within each other the list of rounds, `null` where there is no loop. */
      iteration: unknown;
      /**
       * @description Whether the outcome is simulated, or pinned to the node or to the execution (`mocked`).
       * @enum {string}
       */
      origin?: "simulated" | "mocked";
      /** @description How much of the execution is done now. */
      execution_progress?: components["schemas"]["Progress"];
    };
    /** @description A node will not run: no branch led to it, it was pinned so, or the execution has ended. */
    NodeSkippedEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "node.skipped";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["NodeSkipped"];
    };
    /** @description That an attempt of a node has begun, and what it was given. */
    NodeStarted: {
      /** @description The id of the node in the graph. */
      node_id: string;
      /** @description The round of the loop that the node is in, from 0; of loops within each other the list of rounds, `null` where there is no loop. */
      iteration: unknown;
      /** @description Which attempt this is about, from 1. */
      attempt: number;
      /**
       * @description Whether the outcome is simulated, or pinned to the node or to the execution (`mocked`).
       * @enum {string}
       */
      origin: "simulated" | "mocked";
      /** @description What arrived, by port; `null` before the node started. */
      input: {
        [key: string]: unknown;
      } | null;
    };
    /** @description An attempt of a node has begun. */
    NodeStartedEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "node.started";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["NodeStarted"];
    };
    /**
     * @description The status of a node execution.
     * @enum {string}
     */
    NodeStatus: "idle" | "running" | "waiting" | "retrying" | "completed" | "failed" | "skipped" | "stopped";
    /** @description A status of a node execution. */
    NodeStatusMeaning: {
      /** @description What it says, in words. */
      meaning: string;
      /** @description Whether nothing can follow it. */
      final: boolean;
      /** @description The types of the events that lead to it. */
      events: string[];
      /** @description The word for it. */
      status: components["schemas"]["NodeStatus"];
      /** @description The statuses that may follow it. */
      next: components["schemas"]["NodeStatus"][];
    };
    /** @description That a node was stopped at work. */
    NodeStopped: {
      /** @description The id of the node in the graph. */
      node_id: string;
      /** @description The round of the loop that the node is in, from 0; of loops within each other the list of rounds, `null` where there is no loop. */
      iteration: unknown;
      /** @description Milliseconds from the start to the end, with all attempts and delays but without pauses; `null` before. */
      duration_ms: number | null;
    };
    /** @description A node was at work when its execution ended. */
    NodeStoppedEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "node.stopped";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["NodeStopped"];
    };
    /** @description An entry of the palette. */
    NodeType: {
      /** @description What nodes of this type carry as their `type`. */
      type: string;
      /** @description What the palette calls it. */
      display_name: string;
      /** @description What such a node does. */
      description: string;
      /** @description The part of the palette that it is in. */
      category: string;
      /** @description Its picture, by the name that Lucide has for it. */
      icon: string;
      /** @description Its colour, such as `#64748b`. */
      color: string;
      /** @description The ports at which something arrives. */
      inputs: components["schemas"]["Port"][];
      /** @description The ports by which something leaves. */
      outputs: components["schemas"]["Port"][];
      /** @description Whether the ports by which something leaves follow the configuration, as those of `switch` do. */
      dynamic_outputs: boolean;
      /** @description What `data.config` of a node may be, as JSON Schema 2020-12: enough for a form. */
      config_schema: {
        [key: string]: unknown;
      };
      /** @description What holds where the configuration of a node says nothing. */
      defaults: {
        [key: string]: unknown;
      };
      /** @description What leaves, by port, as JSON Schema; empty if nobody knows. */
      output_schema: {
        [key: string]: unknown;
      };
      /** @description How long it takes (`duration_ms`), and how often it fails (`failure_rate`) in scenario `failing`. */
      simulation: {
        [key: string]: unknown;
      };
      /** @description Whether executions begin there. */
      trigger: boolean;
      /** @description Whether it is only drawn, and never executed. */
      annotation: boolean;
      /** @description Whether a user of this sandbox brought it. */
      custom: boolean;
      /** @description The sample that the outputs of a type of one's own are made of, by port, or `passthrough`; not there in those of the server. */
      output?: unknown;
    };
    /** @description A node type of one's own, as it is put in the place of another one; the node library checks all of it. */
    NodeTypeBody: {
      /** @description What nodes of this type carry as their `type`. */
      type?: string;
      /** @description What the palette shows; made of the type if it is not given. */
      display_name?: string;
      /** @description What it does, in a sentence. */
      description?: string;
      /** @description Under which heading the palette shows it. */
      category?: string;
      /** @description The name of its icon. */
      icon?: string;
      /** @description Its color, such as `#3b82f6`. */
      color?: string;
      /** @description Where connections come in. */
      inputs?: {
        /** @description How connections name it: as `sourceHandle` or `targetHandle`. */
        id: string;
        /** @description What it is called. */
        label?: string;
        /**
         * @description What may flow through it.
         * @enum {string}
         */
        data_type?:
          "any" | "object" | "array" | "string" | "number" | "boolean" | "file" | "message" | "table" | "vector";
        /** @description Whether a node does not run without it. */
        required?: boolean;
        /** @description How many connections it takes; `null` for any number. */
        max_connections?: number | null;
      }[];
      /** @description Where connections leave. */
      outputs?: {
        /** @description How connections name it: as `sourceHandle` or `targetHandle`. */
        id: string;
        /** @description What it is called. */
        label?: string;
        /**
         * @description What may flow through it.
         * @enum {string}
         */
        data_type?:
          "any" | "object" | "array" | "string" | "number" | "boolean" | "file" | "message" | "table" | "vector";
        /** @description Whether a node does not run without it. */
        required?: boolean;
        /** @description How many connections it takes; `null` for any number. */
        max_connections?: number | null;
      }[];
      /** @description What its configuration looks like, as JSON Schema. */
      config_schema?: Record<string, unknown>;
      /** @description The configuration that a new node begins with. */
      defaults?: Record<string, unknown>;
      /** @description What leaves by each port, as JSON Schema. */
      output_schema?: {
        [key: string]: Record<string, unknown>;
      };
      /** @description How it behaves while nothing is behind it. */
      simulation?: {
        /** @description How long it takes, in milliseconds; or a lognormal distribution. */
        duration_ms?:
          | number
          | {
              /** @description Half of the runs take less. */
              median?: number;
              /** @description How far it varies: the standard deviation of its logarithm. */
              sigma?: number;
              /** @description No run takes less. */
              min?: number;
              /** @description No run takes more. */
              max?: number;
            };
        /** @description How often it fails by chance, where failures are on. */
        failure_rate?: number;
      };
      /** @description What leaves it: a sample by port, or `passthrough` for what arrived. */
      output?: "passthrough" | Record<string, unknown> | null;
    } & {
      [key: string]: unknown;
    };
    /** @description A list that comes all at once. */
    NodeTypeList: {
      /** @description The node types, by category and name. */
      items: components["schemas"]["NodeType"][];
    };
    /** @description What a person is asked. */
    NodeWaiting: {
      /** @description The id of the node in the graph. */
      node_id: string;
      /** @description The round of the loop that the node is in, from 0; of loops within each other the list of rounds, `null` where there is no loop. */
      iteration: unknown;
      /** @description The question, and what an answer must be. */
      request: components["schemas"]["WaitingFor"];
    };
    /** @description A node has asked a person. */
    NodeWaitingEvent: {
      /** @description Counts the events of the execution from 1, without a gap. */
      seq: number;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "node.waiting";
      /** @description The id of the execution in which it happened. */
      execution_id: string;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["NodeWaiting"];
    };
    /** @description Note: A text on the canvas; it is never executed. */
    NoteNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "note";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Text
           * @description Markdown.
           * @default
           */
          text?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description How often a flow was executed, how that went and how long it took, as a whole and by node. */
    OpenWebuiAnalytics: {
      /** @description How many executions there are. */
      total_executions: number;
      /** @description How many of them ended well. */
      success_count: number;
      /** @description How many of them failed. */
      error_count: number;
      /** @description How many of them were stopped. */
      aborted_count: number;
      /** @description Milliseconds that those took which have ended; 0 if none has. */
      avg_execution_time: number;
      /** @description When the latest was created; `null` if there is none. In whole seconds since 1970. */
      last_execution_at: number | null;
      /** @description The id of the flow. */
      flow_id: string;
      /** @description By status: how many there are. */
      by_status: {
        [key: string]: number;
      };
      /** @description Of those that ended, the share that ended well, from 0 to 1; `null` if none has. */
      success_rate: number | null;
      /** @description By percentile (`p50`, `p90`, `p95`, `p99`): milliseconds that those took which ended, or `null`. */
      execution_time: {
        [key: string]: number | null;
      };
      /** @description The nodes that were reached, as they first were. */
      nodes: components["schemas"]["OpenWebuiNodeAnalytics"][];
    };
    /** @description What a client needs to execute a flow by itself. */
    OpenWebuiDelegation: {
      /** @description Who executes it, for people. */
      message: string;
      /** @description The id of the flow. */
      flowId: string;
      /**
       * @description That nothing runs here.
       * @constant
       */
      status: "delegated_to_client";
      /** @description The inputs that were sent. */
      inputs: {
        [key: string]: unknown;
      };
      /** @description The ids of all nodes, each behind those that lead to it; in a cycle, the first of the document begins. */
      order: string[];
      /** @description Its nodes, in the order in which they are drawn. */
      nodes: components["schemas"]["Node"][];
      /** @description The connections between its nodes. */
      edges: components["schemas"]["Connection"][];
    };
    /** @description What went wrong, as FastAPI says it. */
    OpenWebuiError: {
      /** @description What went wrong: a text, or of a request that does not fit its form each member at fault. */
      detail:
        | string
        | {
            /** @description The kind of fault, for programs. */
            type: string;
            /** @description Where it is: `body` or `query`, then the way to the member. */
            loc: (string | number)[];
            /** @description What is wrong, for people. */
            msg: string;
            /** @description What was sent there. */
            input: unknown;
            /** @description What the message speaks of, such as a bound. */
            ctx?: {
              [key: string]: unknown;
            };
          }[];
    };
    /** @description An execution with what went in, came out and went wrong. */
    OpenWebuiExecution: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description The id of the flow. */
      flow_id: string;
      /**
       * @description Whether it is under way, and how it ended.
       * @enum {string}
       */
      status: "pending" | "running" | "paused" | "waiting" | "success" | "error" | "aborted";
      /** @description Milliseconds of virtual time that it took until now; pauses do not count. */
      execution_time: number;
      /** @description When it was created. In whole seconds since 1970. */
      created_at: number;
      /** @description The id of the user that it belongs to. */
      user_id: string;
      /** @description What went in; what is no object stands under `input`. */
      inputs: {
        [key: string]: unknown;
      } | null;
      /** @description What came out; what is no object stands under `output`. */
      outputs: {
        [key: string]: unknown;
      } | null;
      /** @description By the id of the node: what became of it. */
      node_results: {
        [key: string]: components["schemas"]["OpenWebuiNodeResult"];
      };
      /** @description By the id of the node: what went wrong. */
      errors: {
        [key: string]: string;
      };
      /** @description How it came to be: `mode`, as our own API has it. */
      meta: {
        [key: string]: unknown;
      };
    };
    /** @description A flow to take elsewhere. */
    OpenWebuiExport: {
      /**
       * @description What this document is.
       * @constant
       */
      version: "1.0";
      /** @description The flow, with an empty text in the place of every secret. */
      flow: components["schemas"]["OpenWebuiExportedFlow"];
    };
    /** @description What an export has of a flow. */
    OpenWebuiExportedFlow: {
      /** @description What people call it. */
      name: string;
      /** @description What it is for; `null` if nobody said. */
      description: string | null;
      /** @description Its nodes, in the order in which they are drawn. */
      nodes: components["schemas"]["Node"][];
      /** @description The connections between its nodes. */
      edges: components["schemas"]["Connection"][];
      /** @description Whatever else belongs to it. */
      meta: {
        [key: string]: unknown;
      };
    };
    /** @description A flow with its graph. */
    OpenWebuiFlow: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description What people call it. */
      name: string;
      /** @description What it is for; `null` if nobody said. */
      description: string | null;
      /** @description When it was created. In whole seconds since 1970. */
      created_at: number;
      /** @description When it was last changed. In whole seconds since 1970. */
      updated_at: number;
      /** @description Whatever else belongs to it: what our own API calls `metadata`. */
      meta: {
        [key: string]: unknown;
      };
      /** @description The id of the user that it belongs to. */
      user_id: string;
      /** @description Its nodes, in the order in which they are drawn. */
      nodes: components["schemas"]["Node"][];
      /** @description The connections between its nodes. */
      edges: components["schemas"]["Connection"][];
    };
    /** @description An execution as the list has it. */
    OpenWebuiListedExecution: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description The id of the flow. */
      flow_id: string;
      /**
       * @description Whether it is under way, and how it ended.
       * @enum {string}
       */
      status: "pending" | "running" | "paused" | "waiting" | "success" | "error" | "aborted";
      /** @description Milliseconds of virtual time that it took until now; pauses do not count. */
      execution_time: number;
      /** @description When it was created. In whole seconds since 1970. */
      created_at: number;
    };
    /** @description A flow as the list has it: without its graph. */
    OpenWebuiListedFlow: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description What people call it. */
      name: string;
      /** @description What it is for; `null` if nobody said. */
      description: string | null;
      /** @description When it was created. In whole seconds since 1970. */
      created_at: number;
      /** @description When it was last changed. In whole seconds since 1970. */
      updated_at: number;
      /** @description Whatever else belongs to it: what our own API calls `metadata`. */
      meta: {
        [key: string]: unknown;
      };
    };
    /** @description How often a node was executed, and how that went. */
    OpenWebuiNodeAnalytics: {
      /** @description The id of the node in the graph. */
      node_id: string;
      /** @description What kind of node it is. */
      node_type: string;
      /** @description How often it was reached; in a loop, each time counts. */
      execution_count: number;
      /** @description How often it ended well. */
      success_count: number;
      /** @description How often it failed. */
      error_count: number;
      /** @description Of those that ended, the share that failed, from 0 to 1; `null` if none has. */
      error_rate: number | null;
      /** @description Milliseconds that those took which have ended; `null` if none has. */
      avg_execution_time: number | null;
    };
    /** @description What became of a node. */
    OpenWebuiNodeResult: {
      /**
       * @description Whether it is at work, and how it ended.
       * @enum {string}
       */
      status: "idle" | "running" | "waiting" | "retrying" | "success" | "error" | "skipped" | "aborted";
      /** @description What it gave, by port; `null` before it has. */
      output: {
        [key: string]: unknown;
      } | null;
      /** @description What went wrong, for people; `null` if nothing did. */
      error: string | null;
      /** @description Milliseconds that it took; `null` before it has ended. */
      execution_time: number | null;
    };
    /** @description An execution that has begun on the server. */
    OpenWebuiStart: {
      /** @description Who executes it, for people. */
      message: string;
      /** @description The id of the flow. */
      flowId: string;
      /**
       * @description Whether it is under way, and how it ended.
       * @enum {string}
       */
      status: "pending" | "running" | "paused" | "waiting" | "success" | "error" | "aborted";
      /** @description The id of the execution. */
      execution_id: string;
    };
    /** @description How often a flow was executed, and how that went. */
    OpenWebuiStats: {
      /** @description How many executions there are. */
      total_executions: number;
      /** @description How many of them ended well. */
      success_count: number;
      /** @description How many of them failed. */
      error_count: number;
      /** @description How many of them were stopped. */
      aborted_count: number;
      /** @description Milliseconds that those took which have ended; 0 if none has. */
      avg_execution_time: number;
      /** @description When the latest was created; `null` if there is none. In whole seconds since 1970. */
      last_execution_at: number | null;
    };
    /** @description Output: React Flow's last node: takes what arrives. */
    OutputNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "output";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: Record<string, unknown>;
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description The execution that a child belongs to. */
    Parent: {
      /** @description The id of that execution. */
      execution_id: string;
      /** @description The id of the node in it that runs the workflow. */
      node_id: string;
    };
    /** @description A password in the place of another. */
    PasswordBody: {
      /** @description The password until now. */
      current_password: string;
      /** @description 8 to 128 characters. */
      new_password: string;
    };
    /** @description Somebody, by their names. */
    Person: {
      /** @description The id of the user. */
      id: string;
      /** @description The name that they log in with; `null` if there is no such user. */
      username: string | null;
      /** @description What people call them; `null` if there is no such user. */
      name: string | null;
    };
    /** @description A socket of a node. */
    Port: {
      /** @description How connections name it: as `sourceHandle` or `targetHandle`. */
      id: string;
      /** @description What an editor calls it. */
      label: string;
      /** @description What goes through it; `any` fits everything. */
      data_type: string;
      /** @description Whether something must be connected to it. */
      required: boolean;
      /** @description How many connections it takes; `null`: any number. */
      max_connections: number | null;
    };
    /** @description An error, as RFC 9457 writes it. */
    Problem: {
      /** @description The address of a page about the code. */
      type: string;
      /** @description What kind of error it is, in the same words every time. */
      title: string;
      /** @description The status of the answer. */
      status: number;
      /** @description What went wrong this time, for people. */
      detail: string;
      /** @description What went wrong, for programs: it stays the same from release to release. */
      code: string;
      /** @description Everything that is wrong, each with its place; empty if there is nothing to point at. */
      errors: components["schemas"]["Culprit"][];
      /** @description Of a command that is not possible: the status that does not allow it. */
      current_status?: components["schemas"]["WorkflowStatus"];
      /** @description Of a command that is not possible: the commands that are. */
      allowed?: ("answer" | "execute" | "pause" | "release" | "resume" | "retry" | "stop" | "delete")[];
      /**
       * @description Of `not_permitted`: what one may do with it.
       * @enum {string}
       */
      permission?: "view" | "edit" | "own";
      /**
       * @description Of `not_permitted`: what one must be allowed with it.
       * @enum {string}
       */
      needed?: "view" | "edit" | "own";
      /** @description Of `revision_mismatch`: the revision that it has now. */
      current_revision?: number;
      /** @description Of `events_forgotten`: the first event that is still there, by its cursor. */
      oldest?: number;
      /** @description Of `already_running`: the execution that is under way. */
      execution_id?: string;
      /** @description Of `duplicate_connection`: the connection that is there. */
      connection_id?: string;
      /** @description Of `malformed_json`: the line where reading ended, from 1. */
      line?: number;
      /** @description Of `malformed_json`: the column where reading ended. */
      column?: number;
      /** @description Of a limit that was reached: how many there may be. */
      limit?: number;
      /** @description Of a limit that was reached: the name of its setting. */
      setting?: string;
    } & {
      [key: string]: unknown;
    };
    /** @description Which files a node is to process; all else is input of the node beside them. */
    ProcessBody: {
      /** @description The ids of the files; each must be there. */
      file_ids: string[];
      /** @description What the node gets beside the files; `null` is as good as nothing. */
      input?: {
        [key: string]: unknown;
      } | null;
    } & {
      [key: string]: unknown;
    };
    /** @description How far an execution is. */
    Progress: {
      /** @description How many nodes are over: done, skipped, or failed and gone on without; those in a loop when the loop is. */
      completed: number;
      /** @description How many nodes are to be executed. */
      total: number;
      /** @description `completed` as a share of `total`, rounded down. */
      percent: number;
    };
    /** @description RAG query: Answers a question from documents. */
    RagQueryNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "rag_query";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Question
           * @description If empty, what arrived.
           * @default
           */
          question?: string;
          /**
           * Sources
           * @description How many documents to answer from.
           * @default 3
           */
          top_k?: number;
          /**
           * Documents
           * @description If empty, those that arrived.
           * @default []
           */
          documents?: unknown[];
          /**
           * Model
           * @description Model
           * @default gpt-4o-mini
           */
          model?: string;
          /**
           * API key
           * Format: password
           * @description API key
           */
          api_key?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Random: Random numbers, choices or texts. */
    RandomNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "random";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Kind
           * @description What to draw.
           * @default integer
           * @enum {string}
           */
          kind?: "integer" | "float" | "boolean" | "choice" | "uuid" | "string";
          /**
           * Count
           * @description More than one gives a list.
           * @default 1
           */
          count?: number;
          /**
           * Minimum
           * @description For numbers.
           * @default 0
           */
          min?: number;
          /**
           * Maximum
           * @description For numbers.
           * @default 100
           */
          max?: number;
          /**
           * Choices
           * @description For kind 'choice'.
           * @default [
           *       "red",
           *       "green",
           *       "blue"
           *     ]
           */
          choices?: string[];
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description What React Flow's `toObject()` gives, in its own types. */
    ReactFlow: {
      /** @description Its nodes, in the order in which they are drawn. */
      nodes: components["schemas"]["ReactFlowNode"][];
      /** @description The connections between its nodes. */
      edges: components["schemas"]["ReactFlowEdge"][];
      /** @description Which part of the canvas is looked at. */
      viewport: components["schemas"]["ReactFlowViewport"];
    };
    /** @description An edge with all that React Flow needs to draw it. */
    ReactFlowEdge: {
      /** @description By which it is found again: chosen by the client, or by the server if there is none. */
      id: string;
      /** @description The id of the node that it comes from. */
      source: string;
      /** @description The id of the node that it goes to. */
      target: string;
      /** @description The id of the port that it leaves by; `null` or nothing: the first. */
      sourceHandle?: string | null;
      /** @description The id of the port that it arrives at; `null` or nothing: the first. */
      targetHandle?: string | null;
      /** @description What the editor keeps about it. */
      data?: {
        [key: string]: unknown;
      };
    } & {
      [key: string]: unknown;
    };
    /** @description A node with all that React Flow needs to draw it. */
    ReactFlowNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id: string;
      /** @description What kind of node it is. */
      type?: string;
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data: {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in. */
      parentId?: string;
    } & {
      [key: string]: unknown;
    };
    /** @description A viewport with all that React Flow needs. */
    ReactFlowViewport: {
      /** @description Pixels by which the canvas is moved to the right. */
      x: number;
      /** @description Pixels by which the canvas is moved down. */
      y: number;
      /** @description How many times as large as it is the canvas is shown. */
      zoom: number;
    } & {
      [key: string]: unknown;
    };
    /** @description What is used up for new tokens. */
    RefreshBody: {
      /** @description The refresh token of the last answer; it is used up. */
      refresh_token: string;
    };
    /** @description A new user. */
    RegisterBody: {
      /** @description What one logs in with: 3 to 64 letters, digits, dots, dashes and underscores; upper case counts for nothing. */
      username: string;
      /** @description Where mail would go; one can log in with it, too. An empty text: none. */
      email?: string;
      /** @description 8 to 128 characters. */
      password: string;
      /** @description What others see. The username if nothing is said. */
      name?: string;
    };
    /** @description Rename keys: Gives fields other names. */
    RenameKeysNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "rename_keys";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Names
           * @description Old names and new ones; an empty new name drops the field.
           * @default {}
           */
          names?: {
            [key: string]: string | null;
          };
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A rule about requests: they are late, refused or broken off. */
    RequestRule:
      | {
          /** @description What the rule is called; `rule_1` and so on if nothing is said. */
          id?: string;
          /** @description Which of the matches it applies to, counted from 1: one, or a list of them. */
          nth?: number | number[];
          /** @description How often it applies at most. */
          times?: number;
          /** @description In which share of the matches it applies, by chance from the seed. */
          probability?: number;
          /** @description How often it matched: only told, not listened to. */
          matched?: unknown;
          /** @description How often it applied: only told, not listened to. */
          applied?: unknown;
          /** @description What the rule is about: all that is given must fit, and everything does if nothing is. */
          match?: {
            /** @description The HTTP method, in upper or lower case. */
            method?: string;
            /** @description A glob that the path fits, without the prefix of the sandbox; `*\/status` fits all that end so. */
            path?: string;
          };
          /** @description Milliseconds by which the answer is late: so many, between a least and a most, or by chance. */
          delay_ms?:
            | number
            | number[]
            | {
                /**
                 * @description How it is distributed: as the delays of real services are.
                 * @enum {string}
                 */
                distribution: "lognormal";
                /** @description Milliseconds that half of the delays stay below. */
                median: number;
                /** @description How far they lie apart; 0 is always the median. */
                sigma: number;
              };
          /** @description The status of the error that is answered; nothing is done. */
          status?: number;
          /** @description The code of the error that is answered; one of the server's own brings its status along. */
          code?: string;
          /**
           * @description How the connection breaks: reset, closed without an answer (`empty`), in the middle of one (`truncate`), or never answered (`hang`).
           * @enum {string}
           */
          connection?: "reset" | "empty" | "truncate" | "hang";
        }
      | unknown
      | unknown
      | unknown
      | unknown;
    /** @description How a sandbox begins anew; what is not given is as the server was started. */
    ResetBody: {
      /** @description From which all chance and all ids of the sandbox follow. */
      seed?: number;
      /** @description What it is filled with: the name of a scenario. */
      scenario?: string;
      /** @description Where its clock begins: ISO 8601, or milliseconds since 1970. */
      now?: string | number;
      /**
       * @description How time goes by: as outside (`real`), at a rate (`fast`), only when told (`stopped`), at once to the end of all executions (`instant`), or whenever somebody waits for something (`auto`).
       * @enum {string}
       */
      pace?: "real" | "fast" | "stopped" | "instant" | "auto";
      /** @description Virtual seconds per real second, for pace `fast`; given alone, it chooses the pace that fits. */
      rate?: number;
    };
    /** @description Resize image: Gives images another size. */
    ResizeNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "resize";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Width (px)
           * @description 0: as the height has it.
           * @default 800
           */
          width?: number;
          /**
           * Height (px)
           * @description 0: as the width has it.
           * @default 0
           */
          height?: number;
          /**
           * Mode
           * @description contain: inside of the box; cover: filling it, cropped; stretch: out of proportion.
           * @default contain
           * @enum {string}
           */
          mode?: "contain" | "cover" | "stretch";
          /**
           * Files
           * Format: file-ids
           * @description Ids of uploaded files; if empty, the files that arrive.
           * @default []
           */
          file_ids?: string[];
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Respond: Answers whoever started the execution. */
    RespondNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "respond";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Status
           * @description Status
           * @default 200
           */
          status?: number;
          /**
           * Headers
           * @description By name.
           * @default {}
           */
          headers?: Record<string, unknown>;
          /**
           * Body
           * @description If empty, what arrived.
           */
          body?: unknown;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description How often, and after which delays, a node is tried again. */
    Retry: {
      /** @description How many attempts there are, the first among them; 1 if nothing is said. */
      max_attempts?: number;
      /** @description Milliseconds before the second attempt; 0 if nothing is said. */
      delay_ms?: number;
      /** @description By what the delay is multiplied after each attempt: a number, `fixed` (1, the usual) or `exponential` (2). */
      backoff?: number | ("fixed" | "exponential");
    } & {
      [key: string]: unknown;
    };
    /** @description A rule as it was sent, with its id and how often it matched and applied. */
    Rule: {
      /** @description What the rule is called. */
      id: string;
      /** @description How often it matched. */
      matched: number;
      /** @description How often it applied. */
      applied: number;
    } & {
      [key: string]: unknown;
    };
    /** @description A sandbox as it is. */
    SandboxState: {
      /** @description The name by which it is chosen. */
      sandbox: string;
      /** @description From which all its chance and its ids follow. */
      seed: number;
      /** @description What it was filled with. */
      scenario: string;
      /** @description How time goes by in it. */
      clock: components["schemas"]["Clock"];
      /** @description When it came to life, in real time. */
      created_at: string;
      /** @description When it is forgotten if nobody uses it before, in real time; `null` if never. */
      expires_at: string | null;
      /** @description How much it holds. */
      counts: components["schemas"]["Counts"];
      /** @description The rules that bend its requests, nodes and streams, in the order in which they are asked. */
      faults: components["schemas"]["Rule"][];
      /** @description Every limit, by the name of its setting. */
      limits: {
        [key: string]: unknown;
      };
    };
    /** @description A sandbox in the list of those that are alive. */
    SandboxSummary: {
      /** @description The name by which it is chosen. */
      sandbox: string;
      /** @description From which all its chance and its ids follow. */
      seed: number;
      /** @description What it was filled with. */
      scenario: string;
      /** @description How time goes by in it. */
      clock: components["schemas"]["Clock"];
      /** @description When it came to life, in real time. */
      created_at: string;
      /** @description When it is forgotten if nobody uses it before, in real time; `null` if never. */
      expires_at: string | null;
    };
    /** @description A list that comes all at once. */
    SandboxSummaryList: {
      /** @description The sandboxes that are alive, by name. */
      items: components["schemas"]["SandboxSummary"][];
    };
    /** @description What a sandbox can be filled with. */
    Scenario: {
      /** @description By which a reset asks for it. */
      name: string;
      /** @description What a sandbox has in it then. */
      description: string;
    };
    /** @description A list that comes all at once. */
    ScenarioList: {
      /** @description The scenarios, the usual one first. */
      items: components["schemas"]["Scenario"][];
    };
    /** @description When a workflow is executed without anybody asking for it. */
    Schedule: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description The id of the workflow that is executed. */
      workflow_id: string;
      /** @description What people call it. */
      name: string;
      /**
       * @description By what it goes.
       * @enum {string}
       */
      mode: "cron" | "interval";
      /** @description Minute, hour, day, month and weekday, such as `0 9 * * 1-5`, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`; `null` if it goes by an interval. */
      cron: string | null;
      /** @description The time zone in which the cron expression is read, such as `Europe/Berlin`. */
      timezone: string;
      /** @description How many seconds lie between two executions; `null` if it goes by a cron expression. */
      interval_seconds: number | null;
      /** @description Whether it starts anything. */
      enabled: boolean;
      /** @description The id of the trigger at which executions begin; `null` if they are of the whole workflow. */
      node_id: string | null;
      /** @description What the executions work on, any JSON. */
      input: unknown;
      /** @description When it is due next; `null` if it is not enabled, or never comes again. */
      next_at: string | null;
      /** @description When it was last due, and tried to start the workflow; `null` before. */
      last_at: string | null;
      /** @description The id of the last execution that it created. */
      last_execution_id: string | null;
      /** @description Why it created no execution the last time that it was due; `null` if it did. */
      last_error:
        | ({
            /** @description What went wrong, for programs. */
            code: string;
            /** @description What, for people. */
            message: string;
          } & {
            [key: string]: unknown;
          })
        | null;
      /** @description How many executions it has created. */
      fired: number;
      /** @description How many times it was due and created none. */
      missed: number;
      /** @description When it was created. */
      created_at: string;
      /** @description When it was last changed. */
      updated_at: string;
    };
    /** @description A schedule: a rule, and what is executed by it. */
    ScheduleBody:
      | {
          /** @description What people call it. */
          name?: string;
          /** @description Minute, hour, day, month and weekday, such as `0 9 * * 1-5`, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`; `null` if it goes by an interval. */
          cron?: string | null;
          /** @description The time zone in which the cron expression is read, such as `Europe/Berlin`. */
          timezone?: string;
          /** @description How many seconds lie between two executions; `null` if it goes by a cron expression. */
          interval_seconds?: number | null;
          /** @description Whether it starts anything. */
          enabled?: boolean;
          /** @description The id of the trigger at which executions begin; `null` if they are of the whole workflow. */
          node_id?: string | null;
          /** @description What the executions work on, any JSON. */
          input?: unknown;
        }
      | unknown
      | unknown;
    /** @description A list that comes all at once. */
    ScheduleList: {
      /** @description The schedules of the workflow, the oldest first. */
      items: components["schemas"]["Schedule"][];
    };
    /** @description A page of schedules. */
    SchedulePage: {
      /** @description The schedules on this page. */
      items: components["schemas"]["Schedule"][];
      /** @description Which page this is, from 1. */
      page: number;
      /** @description How many items a page has at most. */
      per_page: number;
      /** @description How many there are on all pages. */
      total: number;
      /** @description How many pages there are; 0 if there is nothing to show. */
      pages: number;
    };
    /** @description What is to change about a schedule. Another rule takes the place of the one that was there. */
    SchedulePatch: {
      /** @description What people call it. */
      name?: string;
      /** @description Minute, hour, day, month and weekday, such as `0 9 * * 1-5`, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`; `null` if it goes by an interval. */
      cron?: string | null;
      /** @description The time zone in which the cron expression is read, such as `Europe/Berlin`. */
      timezone?: string;
      /** @description How many seconds lie between two executions; `null` if it goes by a cron expression. */
      interval_seconds?: number | null;
      /** @description Whether it starts anything. */
      enabled?: boolean;
      /** @description The id of the trigger at which executions begin; `null` if they are of the whole workflow. */
      node_id?: string | null;
      /** @description What the executions work on, any JSON. */
      input?: unknown;
    };
    /** @description Schedule: Starts at fixed times. */
    ScheduleTriggerNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "schedule_trigger";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Mode
           * @description Every so often, or by a cron expression.
           * @default interval
           * @enum {string}
           */
          mode?: "interval" | "cron";
          /**
           * Every
           * @description How many units lie between two starts.
           * @default 15
           */
          every?: number;
          /**
           * Unit
           * @description The unit of the interval.
           * @default minutes
           * @enum {string}
           */
          unit?: "minutes" | "seconds" | "hours" | "days";
          /**
           * Cron expression
           * @description Minute, hour, day, month, weekday; in UTC.
           * @default 0 9 * * 1-5
           */
          cron?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Sensor: Readings of a sensor up to now. */
    SensorNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "sensor";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Kind
           * @description What it measures.
           * @default temperature
           * @enum {string}
           */
          kind?: "temperature" | "humidity" | "pressure" | "vibration" | "co2" | "power";
          /**
           * Sensor
           * @description Its name.
           * @default sensor-1
           */
          sensor_id?: string;
          /**
           * Readings
           * @description How many; the last is now.
           * @default 48
           */
          count?: number;
          /**
           * Interval
           * @description Seconds between two readings.
           * @default 300
           */
          interval_s?: number;
          /**
           * Baseline
           * @description Empty: usual for the kind.
           */
          baseline?: number;
          /**
           * Amplitude
           * @description Of the daily wave. Empty: as usual.
           */
          amplitude?: number;
          /**
           * Noise
           * @description Standard deviation. Empty: as usual.
           */
          noise?: number;
          /**
           * Anomalies
           * @description How many readings are far off.
           * @default 0
           */
          anomalies?: number;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A login: tokens, and whose they are. */
    Session: {
      /** @description For `Authorization: Bearer`: good for 15 minutes. */
      access_token: string;
      /** @description For new tokens, once: good for 7 days. One that is shown a second time ends the login. */
      refresh_token: string;
      /**
       * @description How the access token is shown.
       * @constant
       */
      token_type: "Bearer";
      /** @description For how many seconds of the sandbox's time the access token is good. */
      expires_in: number;
      /** @description Who has logged in. */
      user: components["schemas"]["User"];
    };
    /** @description Set fields: Adds fields, or makes a new object. */
    SetNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "set";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Fields
           * @description Names and values; values may hold {{ }}.
           * @default {
           *       "status": "new"
           *     }
           */
          fields?: {
            [key: string]: unknown;
          };
          /**
           * Keep the input
           * @description Add to what arrived instead of starting anew.
           * @default true
           */
          keep_input?: boolean;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A user with whom a workflow is shared. */
    Share: {
      /** @description With whom it is shared. */
      user: components["schemas"]["Person"];
      /**
       * @description What the user may do: `view` it and its executions, or `edit` and execute it, too.
       * @enum {string}
       */
      permission: "view" | "edit";
    };
    /** @description With whom a workflow is shared, and what they may do with it. */
    ShareBody: {
      /**
       * @description What the user may do: `view` it and its executions, or `edit` and execute it, too.
       * @enum {string}
       */
      permission: "view" | "edit";
      /** @description The user: an id, a username or an email. */
      user: string;
    };
    /** @description What a user may do with a workflow. */
    ShareChange: {
      /**
       * @description What the user may do: `view` it and its executions, or `edit` and execute it, too.
       * @enum {string}
       */
      permission: "view" | "edit";
    };
    /** @description A link that shows a workflow to whoever has it. */
    ShareLink: {
      /** @description The address to give away, without the host; it needs no login. */
      url: string;
      /** @description What is secret about it. */
      token: string;
      /** @description When it was made. */
      created_at: string;
    };
    /** @description A workflow as its link shows it, with an empty text in the place of every secret. */
    SharedWorkflow: {
      /** @description Its nodes, in the order in which they are drawn. */
      nodes: components["schemas"]["Node"][];
      /** @description The connections between its nodes. */
      connections: components["schemas"]["Connection"][];
      /** @description Which part of the canvas is looked at. */
      viewport: components["schemas"]["Viewport"];
      /** @description What people call it. */
      name: string;
      /** @description What it is for. */
      description: string;
      /** @description Words to find it by. */
      tags: string[];
      /** @description Rises with every change of the document. */
      revision: number;
      /** @description When the document was last changed. */
      updated_at: string;
      /** @description What people call its owner. */
      owner_name: string;
    };
    /** @description With whom a workflow is shared. */
    Shares: {
      /** @description Whose it is. */
      owner: components["schemas"]["Person"];
      /**
       * @description What the caller may do: `view`, `edit` or `own` it.
       * @enum {string}
       */
      permission: "view" | "edit" | "own";
      /** @description Those with whom it is shared, in the order in which it was. */
      items: components["schemas"]["Share"][];
      /** @description Its link; `null` if there is none, and for all but its owner. */
      link: components["schemas"]["ShareLink"] | null;
    };
    /** @description Slack: Posts a message to a channel. */
    SlackNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "slack";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Channel
           * @description Channel
           * @default #general
           */
          channel: string;
          /**
           * Text
           * Format: textarea
           * @description If empty, what arrived.
           * @default
           */
          text?: string;
          /**
           * Bot token
           * Format: password
           * @description Begins with xoxb-.
           */
          token?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A snapshot in the list of those that a sandbox keeps. */
    Snapshot: {
      /** @description By which it is restored, forked, downloaded or deleted. */
      name: string;
      /** @description The virtual moment that it shows. */
      taken_at: string;
      /** @description How many bytes its document has. */
      size: number;
    };
    /** @description The name of a snapshot that is to be taken. */
    SnapshotBody: {
      /** @description By which the snapshot is found again; one that is taken is refused. */
      name: string;
    };
    /** @description A snapshot as it is downloaded; what it holds is for this server to read. */
    SnapshotDocument: {
      /** @description What this document is: `understudy-snapshot`. */
      format: string;
      /** @description The version of the format; a server reads its own only. */
      version: number;
    } & {
      [key: string]: unknown;
    };
    /** @description A list that comes all at once. */
    SnapshotList: {
      /** @description The snapshots, in the order in which they came. */
      items: components["schemas"]["Snapshot"][];
    };
    /** @description Sort: Orders items by a field. */
    SortNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "sort";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * By
           * @description The field; a.b for deeper ones. Empty: the items themselves.
           * @default
           */
          by?: string;
          /**
           * Order
           * @description Least or greatest first.
           * @default ascending
           * @enum {string}
           */
          order?: "ascending" | "descending";
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Split: Takes a text or a list apart. */
    SplitNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "split";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Field
           * @description Where the list or text lies; empty: the input itself.
           * @default
           */
          field?: string;
          /**
           * Separator
           * @description Where a text is split; \n for lines.
           * @default ,
           */
          separator?: string;
          /**
           * Batch size
           * @description More than 1 gives lists of that many.
           * @default 1
           */
          batch_size?: number;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description SQL query: Asks a database. */
    SqlQueryNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "sql_query";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Connection
           * Format: password
           * @description Such as postgresql://user:password@host/database.
           */
          connection?: string;
          /**
           * Query
           * Format: textarea
           * @description One SQL statement.
           * @default SELECT id, name, email FROM customers LIMIT 10
           */
          query: string;
          /**
           * Parameters
           * @description For ?, $1 and %s a list, for :name an object; if empty, what arrived.
           * @default null
           */
          parameters?: unknown[] | Record<string, unknown> | null;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description The latest execution of a workflow. Input, output and logs are there only if they were asked for. */
    Status: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description Counts the executions of the sandbox; its id where ids are whole numbers. */
      number: number;
      /** @description The id of the user that it belongs to. */
      owner_id: string;
      /** @description The id of the workflow that is executed. */
      workflow_id: string;
      /** @description What the workflow was called when the execution was created. */
      workflow_name: string;
      /** @description The revision of the workflow that is executed: the execution keeps its graph, whatever is saved later. */
      workflow_revision: number;
      /** @description Whether it is held, under way, paused, waiting for a person, or over, and how it ended. */
      status: components["schemas"]["ExecutionStatus"];
      /**
       * @description How it came to be: started by hand, as a part of the graph, with files, as a retry, by a node, by a schedule or by a webhook.
       * @enum {string}
       */
      mode: "manual" | "partial" | "process_files" | "retry" | "sub_workflow" | "schedule" | "webhook";
      /** @description From which its durations, failures and made-up values follow. */
      seed: number;
      /** @description The id of the node that it starts at; `null` if at the beginning. */
      start_node: string | null;
      /** @description The id of the node that it ends with; `null` if it goes to the end. */
      stop_node: string | null;
      /** @description The execution that this one is a part of; `null` if it is none's. */
      parent: components["schemas"]["Parent"] | null;
      /** @description The id of the execution that this one repeats; `null` if it repeats none. */
      retry_of: string | null;
      /** @description Why it failed; `null` if it did not. */
      error: components["schemas"]["Error"] | null;
      /** @description How much of it is done. */
      progress: components["schemas"]["Progress"];
      /** @description When it was created. */
      created_at: string;
      /** @description When it began; `null` if it has not. */
      started_at: string | null;
      /** @description When it ended; `null` before. */
      finished_at: string | null;
      /** @description Milliseconds from its start to its latest event; pauses do not count. */
      elapsed_ms: number;
      /** @description The `seq` of its latest event: who reads its events from here on misses none. */
      last_seq: number;
      /** @description What it was given to work on; there only if `?include=data` asks for it. */
      input?: unknown;
      /** @description What it gave back: what a `respond` node said, else what the last nodes gave, by node id; `null` before it has completed; there only if `?include=data` asks for it. */
      output?: unknown;
      /** @description Every status that it had, oldest first. */
      status_history: components["schemas"]["StatusChange"][];
      /** @description What people are asked at the moment. */
      waiting_for: components["schemas"]["WaitingFor"][];
      /** @description The latest node execution of every node, in the order of the graph. */
      nodes: components["schemas"]["NodeExecution"][];
    };
    /** @description One line of the history of an execution. */
    StatusChange: {
      /** @description What it was from then on. */
      status: components["schemas"]["ExecutionStatus"];
      /** @description When it became so. */
      at: string;
      /** @description Why, where the work itself did not lead to it: `command`, `answered`, `timeout`, `parent` or `workflow_deleted`; else `null`. */
      reason: string | null;
    };
    /** @description All statuses there are. */
    Statuses: {
      /** @description What a workflow has beside the statuses of its latest execution. */
      workflow: components["schemas"]["WorkflowStatusMeaning"][];
      /** @description What an execution can be. */
      execution: components["schemas"]["ExecutionStatusMeaning"][];
      /** @description What a node execution can be. */
      node: components["schemas"]["NodeStatusMeaning"][];
    };
    /** @description Stop with error: Fails with a message of your own. */
    StopWithErrorNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "stop_with_error";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Message
           * @description What the error says.
           * @default The workflow stopped here.
           */
          message?: string;
          /**
           * Code
           * @description A name that programs can tell apart.
           * @default stopped_with_error
           */
          code?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A rule about streams: they lose, repeat or swap events. */
    StreamRule: {
      /** @description What the rule is called; `rule_1` and so on if nothing is said. */
      id?: string;
      /** @description Which of the matches it applies to, counted from 1: one, or a list of them. */
      nth?: number | number[];
      /** @description How often it applies at most. */
      times?: number;
      /** @description In which share of the matches it applies, by chance from the seed. */
      probability?: number;
      /** @description How often it matched: only told, not listened to. */
      matched?: unknown;
      /** @description How often it applied: only told, not listened to. */
      applied?: unknown;
      /** @description What the rule is about: all that is given must fit, and everything does if nothing is. */
      match?: {
        /** @description The HTTP method, in upper or lower case. */
        method?: string;
        /** @description A glob that the path fits, without the prefix of the sandbox; `*\/status` fits all that end so. */
        path?: string;
      };
      /** @description What happens to a stream that is opened; ids are those that it tells its reader. */
      stream: {
        /** @description The id of the event after which the connection breaks; 0 is before the first. */
        drop_after?: number;
        /** @description The id of an event that comes twice. */
        duplicate?: number;
        /** @description The id of an event that comes after the one that follows it. */
        swap?: number;
        /** @description The id of an event that comes late. */
        delay?: number;
        /** @description Real milliseconds by which the event of `delay` is late. */
        delay_ms?: number;
        /** @description The id of the event after which nothing comes, not even a heartbeat. */
        stall_after?: number;
        /** @description Whether who comes back is refused, with 503 (`true`) or with this status. */
        refuse_reconnect?: true | number;
        /**
         * @description That the last event of an execution does not come.
         * @constant
         */
        omit_final?: true;
      };
    };
    /** @description Run workflow: Runs another workflow and goes on with its output. */
    SubWorkflowNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "sub_workflow";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Workflow
           * @description The id of the workflow to run.
           * @default
           */
          workflow_id?: string;
          /**
           * Input
           * @description What it gets; empty: what arrives.
           */
          input?: unknown;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Summarize: Keeps the sentences that say most. */
    SummarizeNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "summarize";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Sentences
           * @description At most so many.
           * @default 3
           */
          max_sentences?: number;
          /**
           * Text
           * Format: textarea
           * @description If empty, what arrived.
           * @default
           */
          text?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Switch: Goes the way of the first rule that holds. */
    SwitchNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "switch";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Rules
           * @description Each has a port of its own; the first that holds is taken.
           * @default [
           *       {
           *         "id": "first",
           *         "label": "First",
           *         "condition": "true"
           *       }
           *     ]
           */
          rules?: {
            /**
             * Port
             * @description The id of its port.
             */
            id: string;
            /**
             * Label
             * @description What the port is called.
             */
            label?: string;
            /**
             * Condition
             * Format: expression
             * @description An expression.
             * @default true
             */
            condition: string | boolean;
          }[];
          /**
           * Fallback
           * @description A port for what no rule takes.
           * @default true
           */
          fallback?: boolean;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A template with its graph. */
    Template: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description What people call it. */
      name: string;
      /** @description What it is for. */
      description: string;
      /** @description The part of the gallery that it is in. */
      category: string;
      /** @description Words to find it by. */
      tags: string[];
      /** @description What may be filled in when the template is applied; no value is required. */
      parameters: {
        [key: string]: unknown;
      }[];
      /** @description Rises with every change, from 1; `If-Match` compares it. */
      revision: number;
      /** @description The id of the user that it belongs to; `null` if it came with the sandbox, for all. */
      owner_id: string | null;
      /** @description When it was created. */
      created_at: string;
      /** @description When it was last changed. */
      updated_at: string;
      /** @description Its nodes, as they were sent. */
      nodes: components["schemas"]["Node"][];
      /** @description The connections between them, as they were sent. */
      connections: components["schemas"]["Connection"][];
      /** @description Which part of the canvas is looked at. */
      viewport: components["schemas"]["Viewport"];
    };
    /** @description A template, made of a graph or of a workflow that is there. */
    TemplateBody:
      | ({
          /** @description Its nodes, in the order in which they are drawn. */
          nodes?: components["schemas"]["NodeInput"][];
          /** @description The connections between its nodes. */
          connections?: components["schemas"]["ConnectionInput"][];
          /** @description Which part of the canvas is looked at. */
          viewport?: components["schemas"]["Viewport"];
          /** @description What people call it. */
          name?: string;
          /** @description What it is for. */
          description?: string;
          /** @description The part of the gallery that it is in; `custom` if nothing is said. */
          category?: string;
          /** @description Words to find it by. */
          tags?: string[];
          /** @description What may be filled in when the template is applied; no value is required. */
          parameters?: ({
            /** @description By which a value is given for it. */
            name: string;
            /** @description What a form calls it. */
            label?: string;
            /** @description What a form says about it. */
            description?: string;
            /**
             * @description What a value must be; `string` if nothing is said.
             * @enum {string}
             */
            type?: "string" | "number" | "integer" | "boolean" | "enum";
            /** @description The values to choose from, if the type is `enum`. */
            enum?: unknown[];
            /** @description What it is if no value is given; `null` or nothing: the graph stays as it is there. */
            default?: unknown;
            /** @description The places in the graph where it is written, as JSON Pointers. */
            pointers?: string[];
          } & {
            [key: string]: unknown;
          })[];
          /** @description The id of the workflow to make it of; what is given beside it comes before what that has. */
          workflow_id?: string;
          /** @description What React Flow calls `connections`: give one of the two. */
          edges?: components["schemas"]["ConnectionInput"][];
        } & {
          [key: string]: unknown;
        })
      | unknown
      | unknown;
    /** @description A template as it is saved; what is not given stays. */
    TemplateChange: {
      /** @description Its nodes, in the order in which they are drawn. */
      nodes?: components["schemas"]["NodeInput"][];
      /** @description The connections between its nodes. */
      connections?: components["schemas"]["ConnectionInput"][];
      /** @description Which part of the canvas is looked at. */
      viewport?: components["schemas"]["Viewport"];
      /** @description What people call it. */
      name?: string;
      /** @description What it is for. */
      description?: string;
      /** @description The part of the gallery that it is in; `custom` if nothing is said. */
      category?: string;
      /** @description Words to find it by. */
      tags?: string[];
      /** @description What may be filled in when the template is applied; no value is required. */
      parameters?: ({
        /** @description By which a value is given for it. */
        name: string;
        /** @description What a form calls it. */
        label?: string;
        /** @description What a form says about it. */
        description?: string;
        /**
         * @description What a value must be; `string` if nothing is said.
         * @enum {string}
         */
        type?: "string" | "number" | "integer" | "boolean" | "enum";
        /** @description The values to choose from, if the type is `enum`. */
        enum?: unknown[];
        /** @description What it is if no value is given; `null` or nothing: the graph stays as it is there. */
        default?: unknown;
        /** @description The places in the graph where it is written, as JSON Pointers. */
        pointers?: string[];
      } & {
        [key: string]: unknown;
      })[];
      /** @description What React Flow calls `connections`: give one of the two. */
      edges?: components["schemas"]["ConnectionInput"][];
    } & {
      [key: string]: unknown;
    };
    /** @description A template to take elsewhere. */
    TemplateExport: {
      /** @description What this document is: `understudy/1`. */
      format: string;
      /** @description When it was exported, in virtual time. */
      exported_at: string;
      /** @description The template, with an empty text in the place of every secret. */
      template: {
        [key: string]: unknown;
      };
    };
    /** @description Text template: A text with values filled in. */
    TemplateNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "template";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Text
           * Format: textarea
           * @description What leaves; {{ }} are filled in.
           * @default Hello {{ $json.name }}
           */
          text?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A template as lists show it. */
    TemplateSummary: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description What people call it. */
      name: string;
      /** @description What it is for. */
      description: string;
      /** @description The part of the gallery that it is in. */
      category: string;
      /** @description Words to find it by. */
      tags: string[];
      /** @description What may be filled in when the template is applied; no value is required. */
      parameters: {
        [key: string]: unknown;
      }[];
      /** @description Rises with every change, from 1; `If-Match` compares it. */
      revision: number;
      /** @description The id of the user that it belongs to; `null` if it came with the sandbox, for all. */
      owner_id: string | null;
      /** @description When it was created. */
      created_at: string;
      /** @description When it was last changed. */
      updated_at: string;
      /** @description How many nodes its graph has. */
      node_count: number;
      /** @description How many connections its graph has. */
      connection_count: number;
    };
    /** @description A page of templates. */
    TemplateSummaryPage: {
      /** @description The templates on this page. */
      items: components["schemas"]["TemplateSummary"][];
      /** @description Which page this is, from 1. */
      page: number;
      /** @description How many items a page has at most. */
      per_page: number;
      /** @description How many there are on all pages. */
      total: number;
      /** @description How many pages there are; 0 if there is nothing to show. */
      pages: number;
    };
    /** @description Thumbnail: Makes small pictures of images. */
    ThumbnailNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "thumbnail";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Longest side (px)
           * @description Longest side (px)
           * @default 256
           */
          size?: number;
          /**
           * Files
           * Format: file-ids
           * @description Ids of uploaded files; if empty, the files that arrive.
           * @default []
           */
          file_ids?: string[];
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description Unique: Drops repeated items. */
    UniqueNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "unique";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Field
           * @description What makes items alike; empty: all of it.
           * @default
           */
          field?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description What is waited for: an event that has all of these. */
    UntilBody: {
      /** @description The execution that the event tells of. */
      execution_id?: string;
      /**
       * @description The type of the event.
       * @enum {string}
       */
      event?:
        | "execution.created"
        | "execution.started"
        | "execution.paused"
        | "execution.resumed"
        | "execution.waiting"
        | "execution.completed"
        | "execution.failed"
        | "execution.stopped"
        | "node.started"
        | "node.progress"
        | "node.completed"
        | "node.failed"
        | "node.retrying"
        | "node.waiting"
        | "node.skipped"
        | "node.stopped"
        | "connection.delivered"
        | "log";
      /** @description The node that the event tells of. */
      node_id?: string;
      /** @description The status that the event leaves: of the node if it tells of one, else of the execution. */
      status?: string;
    };
    /** @description A token that may stand in an address. */
    UrlToken: {
      /** @description For `?access_token=`, where no header can be sent. */
      access_token: string;
      /** @description For how many seconds of the sandbox's time it is good. */
      expires_in: number;
    };
    /** @description A user, as they and admins see them. */
    User: {
      /** @description What names them in addresses and as an `owner_id`; nothing is to be read into it. */
      id: string;
      /** @description What one logs in with: 3 to 64 letters, digits, dots, dashes and underscores; upper case counts for nothing. */
      username: string;
      /** @description Where mail would go; one can log in with it, too. An empty text: none. */
      email: string;
      /** @description What others see. */
      name: string;
      /**
       * @description What they may: `admin` sees and does everything.
       * @enum {string}
       */
      role: "user" | "admin";
      /** @description Whether they may log in. */
      is_active: boolean;
      /** @description When they came, in virtual time. */
      created_at: string;
      /** @description When something about them last changed. */
      updated_at: string;
    };
    /** @description What admins change about a user; what is not given stays. */
    UserChange: {
      /** @description What others see. */
      name?: string;
      /** @description Where mail would go; one can log in with it, too. An empty text: none. */
      email?: string;
      /**
       * @description What they may: an admin sees and does everything.
       * @enum {string}
       */
      role?: "user" | "admin";
      /** @description Whether they may log in; who may not any more is logged out at once. */
      is_active?: boolean;
    };
    /** @description A page of users. */
    UserPage: {
      /** @description The users on this page. */
      items: components["schemas"]["User"][];
      /** @description Which page this is, from 1. */
      page: number;
      /** @description How many items a page has at most. */
      per_page: number;
      /** @description How many there are on all pages. */
      total: number;
      /** @description How many pages there are; 0 if there is nothing to show. */
      pages: number;
    };
    /** @description Whether a workflow can run, and what there is to say about it. */
    Validation: {
      /** @description Whether it can run: no issue is an `error`. */
      valid: boolean;
      /** @description What there is to say: of the nodes, of the connections, then of the whole. */
      issues: components["schemas"]["Issue"][];
    };
    /** @description A version of a workflow as lists show it. */
    Version: {
      /** @description The revision of the workflow that it is. */
      revision: number;
      /** @description What people call this version; `null`: nothing. */
      label: string | null;
      /** @description Whether the workflow is at this version. */
      is_current: boolean;
      /** @description When it was saved. */
      created_at: string;
      /** @description Who saved it. */
      saved_by: components["schemas"]["Person"];
      /** @description The revision that was restored by it; `null` if it is no restore. */
      restored_from: number | null;
      /** @description How many nodes it has. */
      node_count: number;
      /** @description How many connections it has. */
      connection_count: number;
    };
    /** @description What is different between two versions of a workflow, from the older to the newer. */
    VersionDifferences: {
      /** @description The revision of the older one. */
      from: number;
      /** @description The revision of the newer one. */
      to: number;
      /** @description What is different of the nodes. */
      nodes: components["schemas"]["NodeDifferences"];
      /** @description What is different of the connections. */
      connections: components["schemas"]["ConnectionDifferences"];
      /** @description Each value beside nodes and connections that is another one. */
      fields: components["schemas"]["Difference"][];
    };
    /** @description The document of a version: what the author of the workflow had written, with all members of their own. */
    VersionDocument: {
      /** @description Its nodes, in the order in which they are drawn. */
      nodes: components["schemas"]["Node"][];
      /** @description The connections between its nodes. */
      connections: components["schemas"]["Connection"][];
      /** @description Which part of the canvas is looked at. */
      viewport: components["schemas"]["Viewport"];
      /** @description What people called the workflow. */
      name: string;
      /** @description What it was for. */
      description: string;
      /** @description Words to find it by. */
      tags: string[];
      /** @description Whatever else belonged to it. */
      metadata: {
        [key: string]: unknown;
      };
    } & {
      [key: string]: unknown;
    };
    /** @description What a version is called. */
    VersionLabel: {
      /** @description What people call this version; `null`: nothing. */
      label: string | null;
    };
    /** @description A list that comes all at once. */
    VersionList: {
      /** @description The versions that are kept, the newest first. */
      items: components["schemas"]["Version"][];
    };
    /** @description A version of a workflow with its document. */
    VersionWithDocument: {
      /** @description The revision of the workflow that it is. */
      revision: number;
      /** @description What people call this version; `null`: nothing. */
      label: string | null;
      /** @description Whether the workflow is at this version. */
      is_current: boolean;
      /** @description When it was saved. */
      created_at: string;
      /** @description Who saved it. */
      saved_by: components["schemas"]["Person"];
      /** @description The revision that was restored by it; `null` if it is no restore. */
      restored_from: number | null;
      /** @description How many nodes it has. */
      node_count: number;
      /** @description How many connections it has. */
      connection_count: number;
      /** @description The document as it was saved; it can be saved again. */
      workflow: components["schemas"]["VersionDocument"];
    };
    /** @description Which part of the canvas is looked at. */
    Viewport: {
      /** @description Pixels by which the canvas is moved to the right. */
      x?: number;
      /** @description Pixels by which the canvas is moved down. */
      y?: number;
      /** @description How many times as large as it is the canvas is shown. */
      zoom?: number;
    } & {
      [key: string]: unknown;
    };
    /** @description What a person is asked. */
    WaitingFor: {
      /** @description The id of the node in the graph. */
      node_id: string;
      /** @description The round of the loop that the node is in, from 0; of loops within each other the list of rounds, `null` where there is no loop. */
      iteration: unknown;
      /** @description The question, in words. */
      prompt: string;
      /** @description What the answer must be, as JSON Schema. */
      schema: {
        [key: string]: unknown;
      };
      /** @description Answers to offer as buttons, each `{id, label}`; none if the answer is free. */
      options: {
        [key: string]: unknown;
      }[];
      /** @description When it was asked. */
      since: string;
      /** @description When the node fails with `timeout` if nobody has answered; a pause puts it off. `null`: never. */
      expires_at: string | null;
    } & {
      [key: string]: unknown;
    };
    /** @description A URL at which anybody starts an execution with a request. */
    Webhook: {
      /** @description What names it in addresses: the id of the workflow, a slash, and that of the node. */
      id: string;
      /** @description The id of the trigger at which executions begin. */
      node_id: string;
      /** @description The type of the trigger. */
      node_type: string;
      /** @description What people call the trigger. */
      label: string;
      /**
       * @description The method to which it listens.
       * @enum {string}
       */
      method: "POST" | "GET" | "PUT" | "PATCH" | "DELETE";
      /** @description The path that the trigger tells, whatever the address is. */
      path: string;
      /** @description Its address, without a host; it names the sandbox of this request. */
      url: string;
    };
    /** @description What a request to a webhook has started. */
    WebhookCall: {
      /** @description The id of the execution. */
      execution_id: string;
      /** @description The id of the workflow that is executed. */
      workflow_id: string;
      /** @description That of the execution: `pending` if another one is to end first. */
      status: components["schemas"]["ExecutionStatus"];
    };
    /** @description A list that comes all at once. */
    WebhookList: {
      /** @description The webhooks of the workflow, in the order of its nodes. */
      items: components["schemas"]["Webhook"][];
    };
    /** @description Webhook: Starts when a request comes in. */
    WebhookTriggerNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "webhook_trigger";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * Method
           * @description The HTTP method it listens to.
           * @default POST
           * @enum {string}
           */
          method?: "POST" | "GET" | "PUT" | "PATCH" | "DELETE";
          /**
           * Path
           * @description The path it listens at.
           * @default my-hook
           */
          path?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description WebSocket: Sends or receives over a WebSocket. */
    WebsocketNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "websocket";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * URL
           * @description URL
           * @default wss://stream.example.com/ticks
           */
          url: string;
          /**
           * Mode
           * @description Mode
           * @default receive
           * @enum {string}
           */
          mode?: "receive" | "send";
          /**
           * Messages to receive
           * @description Messages to receive
           * @default 3
           */
          count?: number;
          /**
           * Message to send
           * @description If empty, what arrived.
           */
          message?: unknown;
          /**
           * Token
           * Format: password
           * @description Token
           */
          auth_token?: string;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
    /** @description A workflow with its graph. */
    Workflow: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description What people call it. */
      name: string;
      /** @description What it is for. */
      description: string;
      /** @description Words to find it by. */
      tags: string[];
      /** @description Counts the workflows of the sandbox; its id where ids are whole numbers. */
      number: number;
      /** @description The id of the user that it belongs to. */
      owner_id: string;
      /** @description The status of its latest execution; `idle` if it never ran. */
      status: components["schemas"]["WorkflowStatus"];
      /** @description Rises with every change of the document, from 1; `If-Match` compares it. */
      revision: number;
      /** @description When it was created. */
      created_at: string;
      /** @description When the document was last changed. */
      updated_at: string;
      /** @description Its latest execution, in short; `null` if it never ran. */
      last_execution: components["schemas"]["LastExecution"] | null;
      /** @description Its nodes, in the order in which they are drawn. */
      nodes: components["schemas"]["Node"][];
      /** @description The connections between its nodes. */
      connections: components["schemas"]["Connection"][];
      /** @description Which part of the canvas is looked at. */
      viewport: components["schemas"]["Viewport"];
      /** @description Whatever else belongs to it; expressions see its `variables` as `$vars`. */
      metadata: {
        [key: string]: unknown;
      };
      /** @description What keeps it from running, or may; there only if `?issues=true` asks for it. */
      issues?: components["schemas"]["Issue"][];
    } & {
      [key: string]: unknown;
    };
    /** @description A workflow as it is saved. What the server writes is not looked at, so that what GET gave can be PUT back. */
    WorkflowBody: {
      /** @description Its nodes, in the order in which they are drawn. */
      nodes?: components["schemas"]["NodeInput"][];
      /** @description The connections between its nodes. */
      connections?: components["schemas"]["ConnectionInput"][];
      /** @description Which part of the canvas is looked at. */
      viewport?: components["schemas"]["Viewport"];
      /** @description What people call it. */
      name?: string;
      /** @description What it is for. */
      description?: string;
      /** @description Words to find it by. */
      tags?: string[];
      /** @description Whatever else belongs to it; expressions see its `variables` as `$vars`. */
      metadata?: {
        [key: string]: unknown;
      };
      /** @description What React Flow calls `connections`: give one of the two. */
      edges?: components["schemas"]["ConnectionInput"][];
    } & {
      [key: string]: unknown;
    };
    /** @description What became of the document of a workflow. */
    WorkflowChanged: {
      /**
       * @description What was done to it.
       * @enum {string}
       */
      change: "created" | "updated" | "deleted";
      /** @description The revision that it has now; the last one if it was deleted. */
      revision: number;
      /** @description What it is called now. */
      name: string;
      /** @description When its document last changed. */
      updated_at: string;
    };
    /** @description A workflow was created, changed or deleted. */
    WorkflowChangedEvent: {
      /** @description Always `null`: it happened in no execution. */
      seq: number | null;
      /** @description Counts the events of the sandbox from 1. */
      cursor: number;
      /**
       * @description What kind of event this is. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "workflow.changed";
      /** @description Always `null`: it happened in no execution. */
      execution_id: string | null;
      /** @description The id of the workflow that was executed or changed. */
      workflow_id: string;
      /** @description When it happened, in virtual time. */
      at: string;
      /** @description What there is to tell beside that. */
      data: components["schemas"]["WorkflowChanged"];
    };
    /** @description A workflow to take elsewhere. */
    WorkflowExport: {
      /** @description What this document is: `understudy/1`. */
      format: string;
      /** @description When it was exported, in virtual time. */
      exported_at: string;
      /** @description The document, with an empty text in the place of every secret. */
      workflow: {
        [key: string]: unknown;
      };
    };
    /** @description A change of a workflow as RFC 7396 writes it: objects merge, lists replace, `null` takes a member away. */
    WorkflowPatch: {
      /** @description Its nodes, in the order in which they are drawn. */
      nodes?: components["schemas"]["NodeInput"][] | null;
      /** @description The connections between its nodes. */
      connections?: components["schemas"]["ConnectionInput"][] | null;
      /** @description Which part of the canvas is looked at. */
      viewport?: components["schemas"]["Viewport"] | null;
      /** @description What people call it. */
      name?: string | null;
      /** @description What it is for. */
      description?: string | null;
      /** @description Words to find it by. */
      tags?: string[] | null;
      /** @description Whatever else belongs to it; expressions see its `variables` as `$vars`. */
      metadata?: {
        [key: string]: unknown;
      } | null;
      /** @description What React Flow calls `connections`: give one of the two. */
      edges?: components["schemas"]["ConnectionInput"][];
    } & {
      [key: string]: unknown;
    };
    /**
     * @description That of the latest execution; `idle` if there is none.
     * @enum {string}
     */
    WorkflowStatus: "idle" | "pending" | "running" | "waiting" | "paused" | "completed" | "failed" | "stopped";
    /** @description A status that a workflow has beside those of its latest execution. */
    WorkflowStatusMeaning: {
      /** @description What it says, in words. */
      meaning: string;
      /** @description The statuses that may follow it. */
      next: components["schemas"]["ExecutionStatus"][];
      /** @description What can be said to it, and changes something. */
      commands: ("answer" | "execute" | "pause" | "release" | "resume" | "retry" | "stop")[];
      /**
       * @description The word for it.
       * @constant
       */
      status: "idle";
    };
    /** @description A workflow as lists show it. */
    WorkflowSummary: {
      /** @description What names it in addresses; nothing is to be read into it. */
      id: string;
      /** @description What people call it. */
      name: string;
      /** @description What it is for. */
      description: string;
      /** @description Words to find it by. */
      tags: string[];
      /** @description Counts the workflows of the sandbox; its id where ids are whole numbers. */
      number: number;
      /** @description The id of the user that it belongs to. */
      owner_id: string;
      /** @description The status of its latest execution; `idle` if it never ran. */
      status: components["schemas"]["WorkflowStatus"];
      /** @description Rises with every change of the document, from 1; `If-Match` compares it. */
      revision: number;
      /** @description When it was created. */
      created_at: string;
      /** @description When the document was last changed. */
      updated_at: string;
      /** @description Its latest execution, in short; `null` if it never ran. */
      last_execution: components["schemas"]["LastExecution"] | null;
      /** @description Whatever else belongs to it; expressions see its `variables` as `$vars`. */
      metadata: {
        [key: string]: unknown;
      };
      /** @description How many nodes it has. */
      node_count: number;
      /** @description How many connections it has. */
      connection_count: number;
    } & {
      [key: string]: unknown;
    };
    /** @description A page of workflows. */
    WorkflowSummaryPage: {
      /** @description The workflows on this page. */
      items: components["schemas"]["WorkflowSummary"][];
      /** @description Which page this is, from 1. */
      page: number;
      /** @description How many items a page has at most. */
      per_page: number;
      /** @description How many there are on all pages. */
      total: number;
      /** @description How many pages there are; 0 if there is nothing to show. */
      pages: number;
    };
    /** @description Write file: Writes what arrives as a file. */
    WriteFileNode: {
      /** @description How its connections name it: chosen by the client, or by the server if there is none. */
      id?: string;
      /**
       * @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: "write_file";
      /** @description Where it is on the canvas; within a group, from the corner of that. */
      position?: {
        /** @description Pixels to the right. */
        x: number;
        /** @description Pixels down. */
        y: number;
      } & {
        [key: string]: unknown;
      };
      /** @description What it is set to do, and all that the editor keeps about it. */
      data?: {
        /** @description What stands on the node, usually a text; expressions find its output under this name. */
        label?: unknown;
        /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
        config?: {
          /**
           * File name
           * @description File name
           * @default output
           */
          name?: string;
          /**
           * Format
           * @description Format
           * @default json
           * @enum {string}
           */
          format?: "json" | "csv" | "text";
          /**
           * Content
           * @description If empty, what arrived.
           */
          content?: unknown;
        };
        /** @description Whether the node does nothing but hand its input on. */
        disabled?: boolean;
        /**
         * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
         * @enum {string}
         */
        on_error?: "stop" | "continue" | "error_port";
        /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
        retry?: components["schemas"]["Retry"] | null;
        /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
        timeout_ms?: number | null;
        /** @description What the node does in the place of its work; `null` or nothing: it works. */
        mock?: components["schemas"]["Mock"] | null;
      } & {
        [key: string]: unknown;
      };
      /** @description The id of the group that it is in; `null` or nothing: none. */
      parentId?: string | null;
      /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
      parentNode?: string | null;
    };
  };
  responses: never;
  parameters: {
    /** @description The sandbox that is meant, where the address does not say it. */
    Sandbox: string;
    /** @description The same for who cannot set a header. */
    SandboxInQuery: string;
    /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
    Prefer: string;
    /** @description For tests: the error to answer with, as Postman's mock servers name it. */
    MockResponseCode: string;
    /** @description For tests: milliseconds by which the answer is late. */
    MockResponseDelay: string;
    /** @description For tests: the error to answer with. */
    CodeInQuery: string;
    /** @description For tests: milliseconds by which the answer is late. */
    DelayInQuery: string;
    /** @description For tests: `empty` empties a list. */
    ExampleInQuery: string;
  };
  requestBodies: never;
  headers: {
    /** @description That ranges of the bytes can be asked for. */
    "Accept-Ranges": string;
    /** @description Whether a browser shows or saves it, and under which name. */
    "Content-Disposition": string;
    /** @description How the bytes are compressed, where they are. */
    "Content-Encoding": string;
    /** @description Which bytes of how many these are. */
    "Content-Range": string;
    /** @description What may run in it: nothing in a file, what is the server's own in the console. */
    "Content-Security-Policy": string;
    /** @description The entity tag: sent back as `If-None-Match` it saves an answer, as `If-Match` a lost change. */
    ETag: string;
    /** @description That this is the answer to an earlier request with the same `Idempotency-Key`. */
    "Idempotency-Replayed": string;
    /** @description The first, previous, next and last page (RFC 8288). */
    Link: string;
    /** @description Where the new thing is, in the way in which the sandbox was chosen. */
    Location: string;
    /** @description Which preferences of the request were followed. */
    "Preference-Applied": string;
    /** @description After how many seconds to come again. */
    "Retry-After": string;
    /** @description The protocol to speak here. */
    Upgrade: string;
    /** @description How to show who one is. */
    "WWW-Authenticate": string;
    /** @description That the content type is not to be guessed. */
    "X-Content-Type-Options": string;
    /** @description How many requests may be made in a while, where the server limits them. */
    "X-RateLimit-Limit": string;
    /** @description How many are left of them. */
    "X-RateLimit-Remaining": string;
    /** @description When as many may be made again, in seconds since 1970 on the sandbox's clock. */
    "X-RateLimit-Reset": string;
    /** @description How many there are on all pages. */
    "X-Total-Count": string;
    /** @description What bent this answer: the id of a rule, `prefer` or `latency`. */
    "X-Understudy-Rule": string;
  };
  pathItems: never;
}
export type AdvanceBody = components["schemas"]["AdvanceBody"];
export type Advanced = components["schemas"]["Advanced"];
export type AggregateNode = components["schemas"]["AggregateNode"];
export type ApiKey = components["schemas"]["ApiKey"];
export type ApiKeyBody = components["schemas"]["ApiKeyBody"];
export type ApiKeyList = components["schemas"]["ApiKeyList"];
export type ApplyBody = components["schemas"]["ApplyBody"];
export type ApprovalNode = components["schemas"]["ApprovalNode"];
export type ChartNode = components["schemas"]["ChartNode"];
export type ClassifierNode = components["schemas"]["ClassifierNode"];
export type Clock = components["schemas"]["Clock"];
export type ClockBody = components["schemas"]["ClockBody"];
export type CodeNode = components["schemas"]["CodeNode"];
export type Connection = components["schemas"]["Connection"];
export type ConnectionChange = components["schemas"]["ConnectionChange"];
export type ConnectionDelivered = components["schemas"]["ConnectionDelivered"];
export type ConnectionDeliveredEvent = components["schemas"]["ConnectionDeliveredEvent"];
export type ConnectionDifferences = components["schemas"]["ConnectionDifferences"];
export type ConnectionFlow = components["schemas"]["ConnectionFlow"];
export type ConnectionInput = components["schemas"]["ConnectionInput"];
export type ConnectionList = components["schemas"]["ConnectionList"];
export type ConstantNode = components["schemas"]["ConstantNode"];
export type ConvertNode = components["schemas"]["ConvertNode"];
export type Counts = components["schemas"]["Counts"];
export type Culprit = components["schemas"]["Culprit"];
export type Dataflow = components["schemas"]["Dataflow"];
export type DateNode = components["schemas"]["DateNode"];
export type DefaultNode = components["schemas"]["DefaultNode"];
export type DelayNode = components["schemas"]["DelayNode"];
export type Difference = components["schemas"]["Difference"];
export type DisplayNode = components["schemas"]["DisplayNode"];
export type DjangoExecutionStarted = components["schemas"]["DjangoExecutionStarted"];
export type DjangoFlow = components["schemas"]["DjangoFlow"];
export type DjangoFlowExecution = components["schemas"]["DjangoFlowExecution"];
export type DjangoFlowInput = components["schemas"]["DjangoFlowInput"];
export type DjangoFlowPatch = components["schemas"]["DjangoFlowPatch"];
export type DjangoFlowTemplate = components["schemas"]["DjangoFlowTemplate"];
export type DjangoFlowsError = components["schemas"]["DjangoFlowsError"];
export type DjangoNodeExecution = components["schemas"]["DjangoNodeExecution"];
export type DuplicateBody = components["schemas"]["DuplicateBody"];
export type EmailNode = components["schemas"]["EmailNode"];
export type EmbeddingsNode = components["schemas"]["EmbeddingsNode"];
export type Error = components["schemas"]["Error"];
export type ErrorCode = components["schemas"]["ErrorCode"];
export type ErrorCodeList = components["schemas"]["ErrorCodeList"];
export type Event = components["schemas"]["Event"];
export type EventPage = components["schemas"]["EventPage"];
export type EventPageByCursor = components["schemas"]["EventPageByCursor"];
export type ExecuteBody = components["schemas"]["ExecuteBody"];
export type Execution = components["schemas"]["Execution"];
export type ExecutionChanged = components["schemas"]["ExecutionChanged"];
export type ExecutionCompleted = components["schemas"]["ExecutionCompleted"];
export type ExecutionCompletedEvent = components["schemas"]["ExecutionCompletedEvent"];
export type ExecutionCreatedEvent = components["schemas"]["ExecutionCreatedEvent"];
export type ExecutionEnded = components["schemas"]["ExecutionEnded"];
export type ExecutionFailed = components["schemas"]["ExecutionFailed"];
export type ExecutionFailedEvent = components["schemas"]["ExecutionFailedEvent"];
export type ExecutionPausedEvent = components["schemas"]["ExecutionPausedEvent"];
export type ExecutionResumed = components["schemas"]["ExecutionResumed"];
export type ExecutionResumedEvent = components["schemas"]["ExecutionResumedEvent"];
export type ExecutionStartedEvent = components["schemas"]["ExecutionStartedEvent"];
export type ExecutionStatus = components["schemas"]["ExecutionStatus"];
export type ExecutionStatusMeaning = components["schemas"]["ExecutionStatusMeaning"];
export type ExecutionStoppedEvent = components["schemas"]["ExecutionStoppedEvent"];
export type ExecutionSummary = components["schemas"]["ExecutionSummary"];
export type ExecutionSummaryPage = components["schemas"]["ExecutionSummaryPage"];
export type ExecutionWaitingEvent = components["schemas"]["ExecutionWaitingEvent"];
export type ExtractMetadataNode = components["schemas"]["ExtractMetadataNode"];
export type ExtractTextNode = components["schemas"]["ExtractTextNode"];
export type File = components["schemas"]["File"];
export type FileInputNode = components["schemas"]["FileInputNode"];
export type FileList = components["schemas"]["FileList"];
export type FilePage = components["schemas"]["FilePage"];
export type FilterNode = components["schemas"]["FilterNode"];
export type ForkBody = components["schemas"]["ForkBody"];
export type FormNode = components["schemas"]["FormNode"];
export type GmailNode = components["schemas"]["GmailNode"];
export type GoogleSheetsNode = components["schemas"]["GoogleSheetsNode"];
export type GraphBody = components["schemas"]["GraphBody"];
export type GroupNode = components["schemas"]["GroupNode"];
export type Health = components["schemas"]["Health"];
export type HttpRequestNode = components["schemas"]["HttpRequestNode"];
export type Idle = components["schemas"]["Idle"];
export type IfNode = components["schemas"]["IfNode"];
export type Index = components["schemas"]["Index"];
export type InputNode = components["schemas"]["InputNode"];
export type Issue = components["schemas"]["Issue"];
export type JoinNode = components["schemas"]["JoinNode"];
export type KeyValueNode = components["schemas"]["KeyValueNode"];
export type KnownNode = components["schemas"]["KnownNode"];
export type LastExecution = components["schemas"]["LastExecution"];
export type LimitNode = components["schemas"]["LimitNode"];
export type LlmChatNode = components["schemas"]["LlmChatNode"];
export type Log = components["schemas"]["Log"];
export type LogEvent = components["schemas"]["LogEvent"];
export type LogLine = components["schemas"]["LogLine"];
export type LogNode = components["schemas"]["LogNode"];
export type LoggedRequest = components["schemas"]["LoggedRequest"];
export type LoggedRequestList = components["schemas"]["LoggedRequestList"];
export type LoginBody = components["schemas"]["LoginBody"];
export type LoopNode = components["schemas"]["LoopNode"];
export type ManualTriggerNode = components["schemas"]["ManualTriggerNode"];
export type MeChange = components["schemas"]["MeChange"];
export type MergeNode = components["schemas"]["MergeNode"];
export type MinMaxNode = components["schemas"]["MinMaxNode"];
export type Mock = components["schemas"]["Mock"];
export type MovingAverageNode = components["schemas"]["MovingAverageNode"];
export type MqttInNode = components["schemas"]["MqttInNode"];
export type MqttOutNode = components["schemas"]["MqttOutNode"];
export type NewApiKey = components["schemas"]["NewApiKey"];
export type NewNodeType = components["schemas"]["NewNodeType"];
export type Node = components["schemas"]["Node"];
export type NodeChange = components["schemas"]["NodeChange"];
export type NodeCompleted = components["schemas"]["NodeCompleted"];
export type NodeCompletedEvent = components["schemas"]["NodeCompletedEvent"];
export type NodeData = components["schemas"]["NodeData"];
export type NodeDifferences = components["schemas"]["NodeDifferences"];
export type NodeExecution = components["schemas"]["NodeExecution"];
export type NodeFailed = components["schemas"]["NodeFailed"];
export type NodeFailedEvent = components["schemas"]["NodeFailedEvent"];
export type NodeInput = components["schemas"]["NodeInput"];
export type NodeList = components["schemas"]["NodeList"];
export type NodeProgress = components["schemas"]["NodeProgress"];
export type NodeProgressEvent = components["schemas"]["NodeProgressEvent"];
export type NodeRetrying = components["schemas"]["NodeRetrying"];
export type NodeRetryingEvent = components["schemas"]["NodeRetryingEvent"];
export type NodeRule = components["schemas"]["NodeRule"];
export type NodeSkipped = components["schemas"]["NodeSkipped"];
export type NodeSkippedEvent = components["schemas"]["NodeSkippedEvent"];
export type NodeStarted = components["schemas"]["NodeStarted"];
export type NodeStartedEvent = components["schemas"]["NodeStartedEvent"];
export type NodeStatus = components["schemas"]["NodeStatus"];
export type NodeStatusMeaning = components["schemas"]["NodeStatusMeaning"];
export type NodeStopped = components["schemas"]["NodeStopped"];
export type NodeStoppedEvent = components["schemas"]["NodeStoppedEvent"];
export type NodeType = components["schemas"]["NodeType"];
export type NodeTypeBody = components["schemas"]["NodeTypeBody"];
export type NodeTypeList = components["schemas"]["NodeTypeList"];
export type NodeWaiting = components["schemas"]["NodeWaiting"];
export type NodeWaitingEvent = components["schemas"]["NodeWaitingEvent"];
export type NoteNode = components["schemas"]["NoteNode"];
export type OpenWebuiAnalytics = components["schemas"]["OpenWebuiAnalytics"];
export type OpenWebuiDelegation = components["schemas"]["OpenWebuiDelegation"];
export type OpenWebuiError = components["schemas"]["OpenWebuiError"];
export type OpenWebuiExecution = components["schemas"]["OpenWebuiExecution"];
export type OpenWebuiExport = components["schemas"]["OpenWebuiExport"];
export type OpenWebuiExportedFlow = components["schemas"]["OpenWebuiExportedFlow"];
export type OpenWebuiFlow = components["schemas"]["OpenWebuiFlow"];
export type OpenWebuiListedExecution = components["schemas"]["OpenWebuiListedExecution"];
export type OpenWebuiListedFlow = components["schemas"]["OpenWebuiListedFlow"];
export type OpenWebuiNodeAnalytics = components["schemas"]["OpenWebuiNodeAnalytics"];
export type OpenWebuiNodeResult = components["schemas"]["OpenWebuiNodeResult"];
export type OpenWebuiStart = components["schemas"]["OpenWebuiStart"];
export type OpenWebuiStats = components["schemas"]["OpenWebuiStats"];
export type OutputNode = components["schemas"]["OutputNode"];
export type Parent = components["schemas"]["Parent"];
export type PasswordBody = components["schemas"]["PasswordBody"];
export type Person = components["schemas"]["Person"];
export type Port = components["schemas"]["Port"];
export type Problem = components["schemas"]["Problem"];
export type ProcessBody = components["schemas"]["ProcessBody"];
export type Progress = components["schemas"]["Progress"];
export type RagQueryNode = components["schemas"]["RagQueryNode"];
export type RandomNode = components["schemas"]["RandomNode"];
export type ReactFlow = components["schemas"]["ReactFlow"];
export type ReactFlowEdge = components["schemas"]["ReactFlowEdge"];
export type ReactFlowNode = components["schemas"]["ReactFlowNode"];
export type ReactFlowViewport = components["schemas"]["ReactFlowViewport"];
export type RefreshBody = components["schemas"]["RefreshBody"];
export type RegisterBody = components["schemas"]["RegisterBody"];
export type RenameKeysNode = components["schemas"]["RenameKeysNode"];
export type RequestRule = components["schemas"]["RequestRule"];
export type ResetBody = components["schemas"]["ResetBody"];
export type ResizeNode = components["schemas"]["ResizeNode"];
export type RespondNode = components["schemas"]["RespondNode"];
export type Retry = components["schemas"]["Retry"];
export type Rule = components["schemas"]["Rule"];
export type SandboxState = components["schemas"]["SandboxState"];
export type SandboxSummary = components["schemas"]["SandboxSummary"];
export type SandboxSummaryList = components["schemas"]["SandboxSummaryList"];
export type Scenario = components["schemas"]["Scenario"];
export type ScenarioList = components["schemas"]["ScenarioList"];
export type Schedule = components["schemas"]["Schedule"];
export type ScheduleBody = components["schemas"]["ScheduleBody"];
export type ScheduleList = components["schemas"]["ScheduleList"];
export type SchedulePage = components["schemas"]["SchedulePage"];
export type SchedulePatch = components["schemas"]["SchedulePatch"];
export type ScheduleTriggerNode = components["schemas"]["ScheduleTriggerNode"];
export type SensorNode = components["schemas"]["SensorNode"];
export type Session = components["schemas"]["Session"];
export type SetNode = components["schemas"]["SetNode"];
export type Share = components["schemas"]["Share"];
export type ShareBody = components["schemas"]["ShareBody"];
export type ShareChange = components["schemas"]["ShareChange"];
export type ShareLink = components["schemas"]["ShareLink"];
export type SharedWorkflow = components["schemas"]["SharedWorkflow"];
export type Shares = components["schemas"]["Shares"];
export type SlackNode = components["schemas"]["SlackNode"];
export type Snapshot = components["schemas"]["Snapshot"];
export type SnapshotBody = components["schemas"]["SnapshotBody"];
export type SnapshotDocument = components["schemas"]["SnapshotDocument"];
export type SnapshotList = components["schemas"]["SnapshotList"];
export type SortNode = components["schemas"]["SortNode"];
export type SplitNode = components["schemas"]["SplitNode"];
export type SqlQueryNode = components["schemas"]["SqlQueryNode"];
export type Status = components["schemas"]["Status"];
export type StatusChange = components["schemas"]["StatusChange"];
export type Statuses = components["schemas"]["Statuses"];
export type StopWithErrorNode = components["schemas"]["StopWithErrorNode"];
export type StreamRule = components["schemas"]["StreamRule"];
export type SubWorkflowNode = components["schemas"]["SubWorkflowNode"];
export type SummarizeNode = components["schemas"]["SummarizeNode"];
export type SwitchNode = components["schemas"]["SwitchNode"];
export type Template = components["schemas"]["Template"];
export type TemplateBody = components["schemas"]["TemplateBody"];
export type TemplateChange = components["schemas"]["TemplateChange"];
export type TemplateExport = components["schemas"]["TemplateExport"];
export type TemplateNode = components["schemas"]["TemplateNode"];
export type TemplateSummary = components["schemas"]["TemplateSummary"];
export type TemplateSummaryPage = components["schemas"]["TemplateSummaryPage"];
export type ThumbnailNode = components["schemas"]["ThumbnailNode"];
export type UniqueNode = components["schemas"]["UniqueNode"];
export type UntilBody = components["schemas"]["UntilBody"];
export type UrlToken = components["schemas"]["UrlToken"];
export type User = components["schemas"]["User"];
export type UserChange = components["schemas"]["UserChange"];
export type UserPage = components["schemas"]["UserPage"];
export type Validation = components["schemas"]["Validation"];
export type Version = components["schemas"]["Version"];
export type VersionDifferences = components["schemas"]["VersionDifferences"];
export type VersionDocument = components["schemas"]["VersionDocument"];
export type VersionLabel = components["schemas"]["VersionLabel"];
export type VersionList = components["schemas"]["VersionList"];
export type VersionWithDocument = components["schemas"]["VersionWithDocument"];
export type Viewport = components["schemas"]["Viewport"];
export type WaitingFor = components["schemas"]["WaitingFor"];
export type Webhook = components["schemas"]["Webhook"];
export type WebhookCall = components["schemas"]["WebhookCall"];
export type WebhookList = components["schemas"]["WebhookList"];
export type WebhookTriggerNode = components["schemas"]["WebhookTriggerNode"];
export type WebsocketNode = components["schemas"]["WebsocketNode"];
export type Workflow = components["schemas"]["Workflow"];
export type WorkflowBody = components["schemas"]["WorkflowBody"];
export type WorkflowChanged = components["schemas"]["WorkflowChanged"];
export type WorkflowChangedEvent = components["schemas"]["WorkflowChangedEvent"];
export type WorkflowExport = components["schemas"]["WorkflowExport"];
export type WorkflowPatch = components["schemas"]["WorkflowPatch"];
export type WorkflowStatus = components["schemas"]["WorkflowStatus"];
export type WorkflowStatusMeaning = components["schemas"]["WorkflowStatusMeaning"];
export type WorkflowSummary = components["schemas"]["WorkflowSummary"];
export type WorkflowSummaryPage = components["schemas"]["WorkflowSummaryPage"];
export type WriteFileNode = components["schemas"]["WriteFileNode"];
export type ParameterSandbox = components["parameters"]["Sandbox"];
export type ParameterSandboxInQuery = components["parameters"]["SandboxInQuery"];
export type ParameterPrefer = components["parameters"]["Prefer"];
export type ParameterMockResponseCode = components["parameters"]["MockResponseCode"];
export type ParameterMockResponseDelay = components["parameters"]["MockResponseDelay"];
export type ParameterCodeInQuery = components["parameters"]["CodeInQuery"];
export type ParameterDelayInQuery = components["parameters"]["DelayInQuery"];
export type ParameterExampleInQuery = components["parameters"]["ExampleInQuery"];
export type HeaderAcceptRanges = components["headers"]["Accept-Ranges"];
export type HeaderContentDisposition = components["headers"]["Content-Disposition"];
export type HeaderContentEncoding = components["headers"]["Content-Encoding"];
export type HeaderContentRange = components["headers"]["Content-Range"];
export type HeaderContentSecurityPolicy = components["headers"]["Content-Security-Policy"];
export type HeaderETag = components["headers"]["ETag"];
export type HeaderIdempotencyReplayed = components["headers"]["Idempotency-Replayed"];
export type HeaderLink = components["headers"]["Link"];
export type HeaderLocation = components["headers"]["Location"];
export type HeaderPreferenceApplied = components["headers"]["Preference-Applied"];
export type HeaderRetryAfter = components["headers"]["Retry-After"];
export type HeaderUpgrade = components["headers"]["Upgrade"];
export type HeaderWwwAuthenticate = components["headers"]["WWW-Authenticate"];
export type HeaderXContentTypeOptions = components["headers"]["X-Content-Type-Options"];
export type HeaderXRateLimitLimit = components["headers"]["X-RateLimit-Limit"];
export type HeaderXRateLimitRemaining = components["headers"]["X-RateLimit-Remaining"];
export type HeaderXRateLimitReset = components["headers"]["X-RateLimit-Reset"];
export type HeaderXTotalCount = components["headers"]["X-Total-Count"];
export type HeaderXUnderstudyRule = components["headers"]["X-Understudy-Rule"];
export type $defs = Record<string, never>;
export interface operations {
  getHome: {
    parameters: {
      query?: never;
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Index"];
          "text/html": string;
        };
      };
    };
  };
  getConsoleAsset: {
    parameters: {
      query?: never;
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The bytes that are wanted, such as `bytes=0-99`. */
        Range?: string;
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description How the bytes may be compressed, such as `gzip`. */
        "Accept-Encoding"?: string;
      };
      path: {
        /** @description A file of the console. */
        console_asset: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Accept-Ranges": components["headers"]["Accept-Ranges"];
          "Content-Encoding": components["headers"]["Content-Encoding"];
          "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
          [name: string]: unknown;
        };
        content: {
          "*/*": Blob;
        };
      };
      /** @description The bytes that were asked for. */
      206: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Content-Range": components["headers"]["Content-Range"];
          "Accept-Ranges": components["headers"]["Accept-Ranges"];
          "Content-Encoding": components["headers"]["Content-Encoding"];
          "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
          [name: string]: unknown;
        };
        content: {
          "*/*": Blob;
        };
      };
    };
  };
  getServerHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Health"];
        };
      };
    };
  };
  getIndex: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Index"];
        };
      };
    };
  };
  getHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Health"];
        };
      };
    };
  };
  getContract: {
    parameters: {
      query?: never;
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            [key: string]: unknown;
          };
        };
      };
    };
  };
  getContractAsYaml: {
    parameters: {
      query?: never;
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          [name: string]: unknown;
        };
        content: {
          "application/yaml": {
            [key: string]: unknown;
          };
        };
      };
    };
  };
  getDocs: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/html": string;
        };
      };
    };
  };
  getDocsAsset: {
    parameters: {
      query?: never;
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The bytes that are wanted, such as `bytes=0-99`. */
        Range?: string;
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
      };
      path: {
        /** @description A file of the documentation. */
        asset: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Accept-Ranges": components["headers"]["Accept-Ranges"];
          "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
          [name: string]: unknown;
        };
        content: {
          "*/*": Blob;
        };
      };
      /** @description The bytes that were asked for. */
      206: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Content-Range": components["headers"]["Content-Range"];
          "Accept-Ranges": components["headers"]["Accept-Ranges"];
          "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
          [name: string]: unknown;
        };
        content: {
          "*/*": Blob;
        };
      };
    };
  };
  listProblems: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ErrorCodeList"];
          "text/html": string;
        };
      };
    };
  };
  getProblem: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The code of a problem. */
        problem: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ErrorCodeList"];
          "text/html": string;
        };
      };
    };
  };
  listStatuses: {
    parameters: {
      query?: never;
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Statuses"];
        };
      };
    };
  };
  listWorkflows: {
    parameters: {
      query?: {
        /** @description Which page, from 1; one behind the last is empty. */
        page?: number;
        /** @description How many items a page has at most; there is a limit, the setting `max_per_page`. */
        per_page?: number;
        /** @description What to sort by, `-updated_at` if nothing is said. A minus turns the order; what has nothing there comes last. */
        sort?:
          | "name"
          | "-name"
          | "created_at"
          | "-created_at"
          | "updated_at"
          | "-updated_at"
          | "revision"
          | "-revision"
          | "node_count"
          | "-node_count";
        /** @description Only workflows with this text in their name, description or tags, in upper or lower case. */
        q?: string;
        /** @description Only workflows that are one of these. */
        status?: ("idle" | "pending" | "running" | "waiting" | "paused" | "completed" | "failed" | "stopped")[];
        /** @description Only workflows with this tag. */
        tag?: string;
        /** @description Only workflows that others have shared with the caller; `false`: only the caller's own. */
        shared?: boolean;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "X-Total-Count": components["headers"]["X-Total-Count"];
          Link: components["headers"]["Link"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WorkflowSummaryPage"];
        };
      };
    };
  };
  createWorkflow: {
    parameters: {
      query?: {
        /** @description Whether the answer has the `issues` of the workflow. */
        issues?: boolean;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["WorkflowBody"];
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Workflow"];
        };
      };
    };
  };
  importWorkflow: {
    parameters: {
      query?: {
        /** @description Whether the answer has the `issues` of the workflow. */
        issues?: boolean;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Workflow"];
        };
      };
    };
  };
  getWorkflow: {
    parameters: {
      query?: {
        /** @description `reactflow` for what `toObject()` gives, and nothing else. */
        shape?: "reactflow";
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Workflow"] | components["schemas"]["ReactFlow"];
        };
      };
    };
  };
  replaceWorkflow: {
    parameters: {
      query?: {
        /** @description Whether the answer has the `issues` of the workflow. */
        issues?: boolean;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["WorkflowBody"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Workflow"];
        };
      };
    };
  };
  deleteWorkflow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateWorkflow: {
    parameters: {
      query?: {
        /** @description Whether the answer has the `issues` of the workflow. */
        issues?: boolean;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["WorkflowPatch"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Workflow"];
        };
      };
    };
  };
  duplicateWorkflow: {
    parameters: {
      query?: {
        /** @description Whether the answer has the `issues` of the workflow. */
        issues?: boolean;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["DuplicateBody"];
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Workflow"];
        };
      };
    };
  };
  exportWorkflow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WorkflowExport"];
        };
      };
    };
  };
  validateWorkflow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["GraphBody"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Validation"];
        };
      };
    };
  };
  executeWorkflow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["ExecuteBody"];
      };
    };
    responses: {
      /** @description It was begun; `Location` is where to follow it. */
      202: {
        headers: {
          Location: components["headers"]["Location"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Execution"];
        };
      };
    };
  };
  pauseWorkflow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Execution"];
        };
      };
    };
  };
  resumeWorkflow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Execution"];
        };
      };
    };
  };
  stopWorkflow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Execution"];
        };
      };
    };
  };
  getWorkflowStatus: {
    parameters: {
      query?: {
        /** @description What to show, too: inputs and outputs (`data`), what nodes had to say (`logs`). */
        include?: ("data" | "logs")[];
        /** @description Real seconds to wait, if need be, for a change or for a status of `until`; none if nothing is said. `Prefer: wait=` comes before it. */
        wait?: number;
        /** @description The statuses to wait for, or `status` for any other than the present one; without it, every change is waited for. Without `wait`, 30 seconds. */
        until?: ("status" | "pending" | "running" | "waiting" | "paused" | "completed" | "failed" | "stopped")[];
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Status"] | components["schemas"]["Idle"];
        };
      };
    };
  };
  listWorkflowEvents: {
    parameters: {
      query?: {
        /** @description The `seq` or `cursor` of the last event that the caller has: what comes after it is told. 0 is the beginning, `latest` the end at the moment. */
        after?: number | "latest";
        /** @description Real seconds to wait for an event if there is none yet; not looked at by a stream. */
        wait?: number;
        /** @description How many events are told at most; not looked at by a stream. */
        limit?: number;
        /** @description Whether the events of a stream have no name, so that `onmessage` is told of all; not looked at in JSON. */
        unnamed?: boolean;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The last event that the caller has; a stream goes on behind it. */
        "Last-Event-ID"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["EventPageByCursor"];
          "text/event-stream": string;
        };
      };
    };
  };
  getDataflow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Dataflow"];
        };
      };
    };
  };
  listNodes: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["NodeList"];
        };
      };
    };
  };
  createNode: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["KnownNode"] | components["schemas"]["NodeInput"];
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Node"];
        };
      };
    };
  };
  getNode: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a node, as the client named it; a slash in it may stay as it is. */
        node_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Node"];
        };
      };
    };
  };
  replaceNode: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a node, as the client named it; a slash in it may stay as it is. */
        node_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["KnownNode"] | components["schemas"]["NodeInput"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Node"];
        };
      };
    };
  };
  deleteNode: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a node, as the client named it; a slash in it may stay as it is. */
        node_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateNode: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a node, as the client named it; a slash in it may stay as it is. */
        node_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** @description Its id, which does not change. */
          id?: string;
          /** @description What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing. */
          type?: string | null;
          /** @description Where it is on the canvas; within a group, from the corner of that. */
          position?:
            | ({
                /** @description Pixels to the right. */
                x?: number;
                /** @description Pixels down. */
                y?: number;
              } & {
                [key: string]: unknown;
              })
            | null;
          /** @description What it is set to do, and all that the editor keeps about it. */
          data?:
            | ({
                /** @description What stands on the node, usually a text; expressions find its output under this name. */
                label?: unknown | null;
                /** @description The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`. */
                config?: {
                  [key: string]: unknown;
                } | null;
                /** @description Whether the node does nothing but hand its input on. */
                disabled?: boolean | null;
                /**
                 * @description What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on (`continue`), or the error leaves by the port `error` (`error_port`).
                 * @enum {string|null}
                 */
                on_error?: "stop" | "continue" | "error_port" | null;
                /** @description How often the node is tried again if it fails; `null` or nothing: not at all. */
                retry?:
                  | ({
                      /** @description How many attempts there are, the first among them; 1 if nothing is said. */
                      max_attempts?: number | null;
                      /** @description Milliseconds before the second attempt; 0 if nothing is said. */
                      delay_ms?: number | null;
                      /** @description By what the delay is multiplied after each attempt: a number, `fixed` (1, the usual) or `exponential` (2). */
                      backoff?: (number | ("fixed" | "exponential")) | null;
                    } & {
                      [key: string]: unknown;
                    })
                  | null;
                /** @description Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never. */
                timeout_ms?: number | null;
                /** @description What the node does in the place of its work; `null` or nothing: it works. */
                mock?:
                  | ({
                      /** @description What leaves: by port if all its members are named like ports, else by the first. Without it, the input does. */
                      output?: unknown | null;
                      /** @description Milliseconds that each attempt takes; without it, as long as the type usually does. */
                      duration_ms?: number | null;
                      /** @description With what it fails: a message, or a code and a message. */
                      error?:
                        | (
                            | string
                            | ({
                                /** @description What went wrong, for programs; `mocked` if nothing is said. */
                                code?: string;
                                /** @description What went wrong, for people. */
                                message?: string;
                              } & {
                                [key: string]: unknown;
                              })
                          )
                        | null;
                      /** @description How many attempts fail before one works; without it, all do if there is an `error`, else none. */
                      fail_attempts?: number | null;
                      /** @description Whether it is skipped. */
                      skip?: boolean | null;
                    } & {
                      [key: string]: unknown;
                    })
                  | null;
              } & {
                [key: string]: unknown;
              })
            | null;
          /** @description The id of the group that it is in; `null` or nothing: none. */
          parentId?: string | null;
          /** @description What React Flow 11 calls `parentId`; not looked at beside it. */
          parentNode?: string | null;
        } & {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Node"];
        };
      };
    };
  };
  processFiles: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a node, as the client named it; a slash in it may stay as it is. */
        node_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ProcessBody"];
      };
    };
    responses: {
      /** @description It was begun; `Location` is where to follow it. */
      202: {
        headers: {
          Location: components["headers"]["Location"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Execution"];
        };
      };
    };
  };
  listConnections: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConnectionList"];
        };
      };
    };
  };
  createConnection: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ConnectionInput"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          Location: components["headers"]["Location"];
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Connection"];
        };
      };
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Connection"];
        };
      };
    };
  };
  getConnection: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a connection, as the client named it. */
        connection_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Connection"];
        };
      };
    };
  };
  replaceConnection: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a connection, as the client named it. */
        connection_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ConnectionInput"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Connection"];
        };
      };
    };
  };
  deleteConnection: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a connection, as the client named it. */
        connection_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listWorkflowSchedules: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ScheduleList"];
        };
      };
    };
  };
  createSchedule: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ScheduleBody"];
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Schedule"];
        };
      };
    };
  };
  getSchedule: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a schedule. */
        schedule_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Schedule"];
        };
      };
    };
  };
  deleteSchedule: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a schedule. */
        schedule_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateSchedule: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a schedule. */
        schedule_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SchedulePatch"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Schedule"];
        };
      };
    };
  };
  listSchedules: {
    parameters: {
      query?: {
        /** @description Which page, from 1; one behind the last is empty. */
        page?: number;
        /** @description How many items a page has at most; there is a limit, the setting `max_per_page`. */
        per_page?: number;
        /** @description What to sort by, `next_at` if nothing is said. A minus turns the order; what has nothing there comes last. */
        sort?: "next_at" | "-next_at" | "name" | "-name" | "created_at" | "-created_at" | "updated_at" | "-updated_at";
        /** @description Only schedules with this text in their name, in upper or lower case. */
        q?: string;
        /** @description Only schedules of this workflow. */
        workflow_id?: string;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "X-Total-Count": components["headers"]["X-Total-Count"];
          Link: components["headers"]["Link"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SchedulePage"];
        };
      };
    };
  };
  listWebhooks: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WebhookList"];
        };
      };
    };
  };
  callWebhookWithGet: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a webhook: that of a workflow, a slash, and that of a node in it; the slash may stay as it is. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It was begun; `Location` is where to follow it. */
      202: {
        headers: {
          Location: components["headers"]["Location"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WebhookCall"];
        };
      };
    };
  };
  callWebhookWithPut: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a webhook: that of a workflow, a slash, and that of a node in it; the slash may stay as it is. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description It was begun; `Location` is where to follow it. */
      202: {
        headers: {
          Location: components["headers"]["Location"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WebhookCall"];
        };
      };
    };
  };
  callWebhook: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a webhook: that of a workflow, a slash, and that of a node in it; the slash may stay as it is. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description It was begun; `Location` is where to follow it. */
      202: {
        headers: {
          Location: components["headers"]["Location"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WebhookCall"];
        };
      };
    };
  };
  callWebhookWithDelete: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a webhook: that of a workflow, a slash, and that of a node in it; the slash may stay as it is. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It was begun; `Location` is where to follow it. */
      202: {
        headers: {
          Location: components["headers"]["Location"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WebhookCall"];
        };
      };
    };
  };
  callWebhookWithPatch: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a webhook: that of a workflow, a slash, and that of a node in it; the slash may stay as it is. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description It was begun; `Location` is where to follow it. */
      202: {
        headers: {
          Location: components["headers"]["Location"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WebhookCall"];
        };
      };
    };
  };
  listShares: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Shares"];
        };
      };
    };
  };
  createShare: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ShareBody"];
      };
    };
    responses: {
      /** @description It was shared with them already; the permission is new. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Share"];
        };
      };
      /** @description It was made. */
      201: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Share"];
        };
      };
    };
  };
  deleteShare: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a user. */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateShare: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The id of a user. */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ShareChange"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Share"];
        };
      };
    };
  };
  createShareLink: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description There is a link already, and it stays. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ShareLink"];
        };
      };
      /** @description It was made. */
      201: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ShareLink"];
        };
      };
    };
  };
  deleteShareLink: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  getSharedWorkflow: {
    parameters: {
      query?: {
        /** @description `reactflow` for what `toObject()` gives, and nothing else. */
        shape?: "reactflow";
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The token of a share link. */
        share_token: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SharedWorkflow"] | components["schemas"]["ReactFlow"];
        };
      };
    };
  };
  listVersions: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["VersionList"];
        };
      };
    };
  };
  getVersion: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The revision of a version that is kept, or `current`. */
        version: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["VersionWithDocument"];
        };
      };
    };
  };
  updateVersion: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The revision of a version that is kept, or `current`. */
        version: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["VersionLabel"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["VersionWithDocument"];
        };
      };
    };
  };
  compareVersions: {
    parameters: {
      query?: {
        /** @description Another revision, or `current`; without it, the version that is kept before this one. */
        with?: string;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The revision of a version that is kept, or `current`. */
        version: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["VersionDifferences"];
        };
      };
    };
  };
  restoreVersion: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a workflow. */
        workflow_id: string;
        /** @description The revision of a version that is kept, or `current`. */
        version: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Workflow"];
        };
      };
    };
  };
  listExecutions: {
    parameters: {
      query?: {
        /** @description Which page, from 1; one behind the last is empty. */
        page?: number;
        /** @description How many items a page has at most; there is a limit, the setting `max_per_page`. */
        per_page?: number;
        /** @description What to sort by, `-created_at` if nothing is said. A minus turns the order; what has nothing there comes last. */
        sort?:
          | "created_at"
          | "-created_at"
          | "started_at"
          | "-started_at"
          | "finished_at"
          | "-finished_at"
          | "status"
          | "-status";
        /** @description Only executions with this text in their id or in the name of their workflow, in upper or lower case. */
        q?: string;
        /** @description Only executions of this workflow. */
        workflow_id?: string;
        /** @description Only executions that are one of these. */
        status?: ("pending" | "running" | "waiting" | "paused" | "completed" | "failed" | "stopped")[];
        /** @description Only executions that came to be in one of these ways. */
        mode?: ("manual" | "partial" | "process_files" | "retry" | "sub_workflow" | "schedule" | "webhook")[];
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "X-Total-Count": components["headers"]["X-Total-Count"];
          Link: components["headers"]["Link"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ExecutionSummaryPage"];
        };
      };
    };
  };
  getExecution: {
    parameters: {
      query?: {
        /** @description Of nodes in a loop: `latest` for the latest round, `all` for every one. */
        iterations?: "latest" | "all";
        /** @description Real seconds to wait, if need be, for a change or for a status of `until`; none if nothing is said. `Prefer: wait=` comes before it. */
        wait?: number;
        /** @description The statuses to wait for, or `status` for any other than the present one; without it, every change is waited for. Without `wait`, 30 seconds. */
        until?: ("status" | "pending" | "running" | "waiting" | "paused" | "completed" | "failed" | "stopped")[];
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an execution. */
        execution_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Execution"];
        };
      };
    };
  };
  deleteExecution: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an execution. */
        execution_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  pauseExecution: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an execution. */
        execution_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Execution"];
        };
      };
    };
  };
  resumeExecution: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an execution. */
        execution_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Execution"];
        };
      };
    };
  };
  stopExecution: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an execution. */
        execution_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Execution"];
        };
      };
    };
  };
  releaseExecution: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an execution. */
        execution_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Execution"];
        };
      };
    };
  };
  retryExecution: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an execution. */
        execution_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It was begun; `Location` is where to follow it. */
      202: {
        headers: {
          Location: components["headers"]["Location"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Execution"];
        };
      };
    };
  };
  listExecutionEvents: {
    parameters: {
      query?: {
        /** @description The `seq` or `cursor` of the last event that the caller has: what comes after it is told. 0 is the beginning, `latest` the end at the moment. */
        after?: number | "latest";
        /** @description Real seconds to wait for an event if there is none yet; not looked at by a stream. */
        wait?: number;
        /** @description How many events are told at most; not looked at by a stream. */
        limit?: number;
        /** @description Whether the events of a stream have no name, so that `onmessage` is told of all; not looked at in JSON. */
        unnamed?: boolean;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The last event that the caller has; a stream goes on behind it. */
        "Last-Event-ID"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an execution. */
        execution_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["EventPage"];
          "text/event-stream": string;
        };
      };
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  answerNode: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an execution. */
        execution_id: string;
        /** @description The id of a node, as the client named it; a slash in it may stay as it is. */
        node_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Execution"];
        };
      };
    };
  };
  listEvents: {
    parameters: {
      query?: {
        /** @description The `seq` or `cursor` of the last event that the caller has: what comes after it is told. 0 is the beginning, `latest` the end at the moment. */
        after?: number | "latest";
        /** @description Real seconds to wait for an event if there is none yet; not looked at by a stream. */
        wait?: number;
        /** @description How many events are told at most; not looked at by a stream. */
        limit?: number;
        /** @description Whether the events of a stream have no name, so that `onmessage` is told of all; not looked at in JSON. */
        unnamed?: boolean;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The last event that the caller has; a stream goes on behind it. */
        "Last-Event-ID"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["EventPageByCursor"];
          "text/event-stream": string;
        };
      };
    };
  };
  listNodeTypes: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["NodeTypeList"];
        };
      };
    };
  };
  createNodeType: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["NewNodeType"];
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["NodeType"];
        };
      };
    };
  };
  getNodeType: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The name of a node type. */
        node_type: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["NodeType"];
        };
      };
    };
  };
  replaceNodeType: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The name of a node type. */
        node_type: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["NodeTypeBody"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["NodeType"];
        };
      };
    };
  };
  deleteNodeType: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The name of a node type. */
        node_type: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listTemplates: {
    parameters: {
      query?: {
        /** @description Which page, from 1; one behind the last is empty. */
        page?: number;
        /** @description How many items a page has at most; there is a limit, the setting `max_per_page`. */
        per_page?: number;
        /** @description What to sort by, `-updated_at` if nothing is said. A minus turns the order; what has nothing there comes last. */
        sort?:
          | "name"
          | "-name"
          | "category"
          | "-category"
          | "created_at"
          | "-created_at"
          | "updated_at"
          | "-updated_at"
          | "node_count"
          | "-node_count";
        /** @description Only templates with this text in their name, description, category or tags, in upper or lower case. */
        q?: string;
        /** @description Only templates of this category. */
        category?: string;
        /** @description Only templates with this tag. */
        tag?: string;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "X-Total-Count": components["headers"]["X-Total-Count"];
          Link: components["headers"]["Link"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TemplateSummaryPage"];
        };
      };
    };
  };
  createTemplate: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["TemplateBody"];
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Template"];
        };
      };
    };
  };
  importTemplate: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Template"];
        };
      };
    };
  };
  getTemplate: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a template. */
        template_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Template"];
        };
      };
    };
  };
  replaceTemplate: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a template. */
        template_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["TemplateChange"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Template"];
        };
      };
    };
  };
  deleteTemplate: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a template. */
        template_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  applyTemplate: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a template. */
        template_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["ApplyBody"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          Location: components["headers"]["Location"];
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Workflow"];
        };
      };
    };
  };
  exportTemplate: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a template. */
        template_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TemplateExport"];
        };
      };
    };
  };
  listFiles: {
    parameters: {
      query?: {
        /** @description Which page, from 1; one behind the last is empty. */
        page?: number;
        /** @description How many items a page has at most; there is a limit, the setting `max_per_page`. */
        per_page?: number;
        /** @description What to sort by, `-created_at` if nothing is said. A minus turns the order; what has nothing there comes last. */
        sort?: "name" | "-name" | "size" | "-size" | "kind" | "-kind" | "created_at" | "-created_at";
        /** @description Only files with this text in their name, in upper or lower case. */
        q?: string;
        /** @description Only files of one of these kinds. */
        kind?: ("image" | "pdf" | "audio" | "video" | "text" | "archive" | "other")[];
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "X-Total-Count": components["headers"]["X-Total-Count"];
          Link: components["headers"]["Link"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["FilePage"];
        };
      };
    };
  };
  uploadFiles: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "multipart/form-data": {
          /** @description The files; the field may be there several times. */
          file: Blob[];
        };
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["FileList"];
        };
      };
    };
  };
  getFile: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a file. */
        file_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["File"];
        };
      };
    };
  };
  deleteFile: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a file. */
        file_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  getFileContent: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The bytes that are wanted, such as `bytes=0-99`. */
        Range?: string;
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a file. */
        file_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Content-Disposition": components["headers"]["Content-Disposition"];
          "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
          "Accept-Ranges": components["headers"]["Accept-Ranges"];
          "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "*/*": Blob;
        };
      };
      /** @description The bytes that were asked for. */
      206: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Content-Range": components["headers"]["Content-Range"];
          "Content-Disposition": components["headers"]["Content-Disposition"];
          "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
          "Accept-Ranges": components["headers"]["Accept-Ranges"];
          "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "*/*": Blob;
        };
      };
    };
  };
  getFileThumbnail: {
    parameters: {
      query?: {
        /** @description Pixels of the longer side. */
        size?: number;
        /** @description Which format the picture has; without it, as `Accept` says, `webp` if it takes both. */
        format?: "webp" | "png";
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The bytes that are wanted, such as `bytes=0-99`. */
        Range?: string;
        /** @description The entity tag of what is to be changed: 412 if somebody else changed it meanwhile. */
        "If-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a file. */
        file_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Accept-Ranges": components["headers"]["Accept-Ranges"];
          "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "image/webp": Blob;
          "image/png": Blob;
        };
      };
      /** @description The bytes that were asked for. */
      206: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Content-Range": components["headers"]["Content-Range"];
          "Accept-Ranges": components["headers"]["Accept-Ranges"];
          "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "image/webp": Blob;
          "image/png": Blob;
        };
      };
    };
  };
  register: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["RegisterBody"];
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Session"];
        };
      };
    };
  };
  login: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["LoginBody"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Session"];
        };
      };
    };
  };
  refresh: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["RefreshBody"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Session"];
        };
      };
    };
  };
  logout: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  getMe: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
    };
  };
  updateMe: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["MeChange"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
    };
  };
  changePassword: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PasswordBody"];
      };
    };
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  createUrlToken: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["UrlToken"];
        };
      };
    };
  };
  listApiKeys: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ApiKeyList"];
        };
      };
    };
  };
  createApiKey: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ApiKeyBody"];
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["NewApiKey"];
        };
      };
    };
  };
  getApiKey: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an API key. */
        api_key_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ApiKey"];
        };
      };
    };
  };
  revokeApiKey: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an API key. */
        api_key_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listUsers: {
    parameters: {
      query?: {
        /** @description Which page, from 1; one behind the last is empty. */
        page?: number;
        /** @description How many items a page has at most; there is a limit, the setting `max_per_page`. */
        per_page?: number;
        /** @description What to sort by, `username` if nothing is said. A minus turns the order; what has nothing there comes last. */
        sort?:
          | "username"
          | "-username"
          | "email"
          | "-email"
          | "name"
          | "-name"
          | "role"
          | "-role"
          | "created_at"
          | "-created_at"
          | "updated_at"
          | "-updated_at";
        /** @description Only users with this text in their username, email or name, in upper or lower case. */
        q?: string;
        /** @description Only users who are one of these. */
        role?: ("user" | "admin")[];
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "X-Total-Count": components["headers"]["X-Total-Count"];
          Link: components["headers"]["Link"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["UserPage"];
        };
      };
    };
  };
  getUser: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a user. */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
    };
  };
  updateUser: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a user. */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["UserChange"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
    };
  };
  openSocket: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The same over HTTP/2, where a proxy in front of this server speaks WebSocket so (RFC 8441). */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  getSocketSchema: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            [key: string]: unknown;
          };
        };
      };
    };
  };
  getState: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SandboxState"];
        };
      };
    };
  };
  resetSandbox: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["ResetBody"];
      };
    };
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  getClock: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Clock"];
        };
      };
    };
  };
  setClock: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["ClockBody"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Clock"];
        };
      };
    };
  };
  advanceClock: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["AdvanceBody"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Advanced"];
        };
      };
    };
  };
  listFaults: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Rule"][];
        };
      };
    };
  };
  replaceFaults: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": (
          components["schemas"]["RequestRule"] | components["schemas"]["NodeRule"] | components["schemas"]["StreamRule"]
        )[];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Rule"][];
        };
      };
    };
  };
  createFault: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json":
          | components["schemas"]["RequestRule"]
          | components["schemas"]["NodeRule"]
          | components["schemas"]["StreamRule"];
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Rule"];
        };
      };
    };
  };
  deleteFaults: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listRequests: {
    parameters: {
      query?: {
        /** @description Only requests with this method, in upper or lower case. */
        method?: string;
        /** @description Only requests whose path fits this glob, such as `*\/status`, with or without the prefix of the sandbox. */
        path?: string;
        /** @description Only requests that were answered with this status. */
        status?: number;
        /** @description Only requests that this bent: the id of a rule, `prefer` or `latency`. */
        rule?: string;
        /** @description Only so many, the latest. */
        limit?: number;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["LoggedRequestList"];
        };
      };
    };
  };
  clearRequests: {
    parameters: {
      query?: {
        /** @description Only requests with this method, in upper or lower case. */
        method?: string;
        /** @description Only requests whose path fits this glob, such as `*\/status`, with or without the prefix of the sandbox. */
        path?: string;
        /** @description Only requests that were answered with this status. */
        status?: number;
        /** @description Only requests that this bent: the id of a rule, `prefer` or `latency`. */
        rule?: string;
        /** @description Only so many, the latest. */
        limit?: number;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listSandboxes: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SandboxSummaryList"];
        };
      };
    };
  };
  deleteSandbox: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The name of a sandbox. */
        sandbox: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listSnapshots: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SnapshotList"];
        };
      };
    };
  };
  takeSnapshot: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SnapshotBody"];
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Snapshot"];
        };
      };
    };
  };
  downloadSnapshot: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description An entity tag that the caller has: the answer is 304 if it is still the same. */
        "If-None-Match"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path: {
        /** @description The name of a snapshot. */
        snapshot: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          ETag: components["headers"]["ETag"];
          "Content-Disposition": components["headers"]["Content-Disposition"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SnapshotDocument"];
        };
      };
    };
  };
  uploadSnapshot: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path: {
        /** @description The name of a snapshot. */
        snapshot: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SnapshotDocument"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Snapshot"];
        };
      };
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Snapshot"];
        };
      };
    };
  };
  deleteSnapshot: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path: {
        /** @description The name of a snapshot. */
        snapshot: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  restoreSnapshot: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path: {
        /** @description The name of a snapshot. */
        snapshot: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SandboxState"];
        };
      };
    };
  };
  forkSnapshot: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
      };
      path: {
        /** @description The name of a snapshot. */
        snapshot: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ForkBody"];
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SandboxState"];
        };
      };
    };
  };
  listScenarios: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ScenarioList"];
        };
      };
    };
  };
  djangoListFlows: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DjangoFlow"][];
        };
      };
    };
  };
  djangoCreateFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["DjangoFlowInput"];
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DjangoFlow"];
        };
      };
    };
  };
  djangoListTemplates: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DjangoFlowTemplate"][];
        };
      };
    };
  };
  djangoGetFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a flow: the `number` of its workflow. */
        flow_id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DjangoFlow"];
        };
      };
    };
  };
  djangoReplaceFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a flow: the `number` of its workflow. */
        flow_id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["DjangoFlowInput"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DjangoFlow"];
        };
      };
    };
  };
  djangoDeleteFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a flow: the `number` of its workflow. */
        flow_id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is done; there is nothing to tell. */
      204: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  djangoUpdateFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a flow: the `number` of its workflow. */
        flow_id: number;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["DjangoFlowPatch"];
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DjangoFlow"];
        };
      };
    };
  };
  djangoExecuteFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a flow: the `number` of its workflow. */
        flow_id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DjangoExecutionStarted"];
        };
      };
    };
  };
  djangoDuplicateFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a flow: the `number` of its workflow. */
        flow_id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DjangoFlow"];
        };
      };
    };
  };
  djangoListExecutions: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a flow: the `number` of its workflow. */
        flow_id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DjangoFlowExecution"][];
        };
      };
    };
  };
  djangoFollowFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of a flow: the `number` of its workflow. */
        flow_id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The same over HTTP/2, where a proxy in front of this server speaks WebSocket so (RFC 8441). */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  djangoGetExecution: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an execution: its `number`. */
        flow_execution_id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DjangoFlowExecution"];
        };
      };
    };
  };
  djangoListNodeExecutions: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of an execution: its `number`. */
        flow_execution_id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DjangoNodeExecution"][];
        };
      };
    };
  };
  webuiListFlows: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OpenWebuiListedFlow"][];
        };
      };
    };
  };
  webuiCreateFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** @description What people call it. */
          name: string;
          /** @description What it is for. */
          description?: string | null;
          /** @description Its nodes, in the order in which they are drawn. */
          nodes: components["schemas"]["NodeInput"][];
          /** @description The connections between its nodes. */
          edges: components["schemas"]["ConnectionInput"][];
          /** @description Whatever else belongs to it: what our own API calls `metadata`. */
          meta?: {
            [key: string]: unknown;
          } | null;
        } & {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OpenWebuiFlow"];
        };
      };
    };
  };
  webuiImportFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /**
           * @description What the document is.
           * @constant
           */
          version: "1.0";
          /** @description The flow. */
          flow: {
            /** @description What people call it. */
            name?: string | null;
            /** @description What it is for. */
            description?: string | null;
            /** @description Its nodes, in the order in which they are drawn. */
            nodes?: components["schemas"]["NodeInput"][] | null;
            /** @description The connections between its nodes. */
            edges?: components["schemas"]["ConnectionInput"][] | null;
            /** @description Whatever else belongs to it: what our own API calls `metadata`. */
            meta?: {
              [key: string]: unknown;
            } | null;
          } & {
            [key: string]: unknown;
          };
        } & {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OpenWebuiFlow"];
        };
      };
    };
  };
  webuiGetFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of the flow, which is that of its workflow. */
        flow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OpenWebuiFlow"];
        };
      };
    };
  };
  webuiUpdateFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of the flow, which is that of its workflow. */
        flow_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** @description What people call it. */
          name?: string | null;
          /** @description What it is for. */
          description?: string | null;
          /** @description Its nodes, in the order in which they are drawn. */
          nodes?: components["schemas"]["NodeInput"][] | null;
          /** @description The connections between its nodes. */
          edges?: components["schemas"]["ConnectionInput"][] | null;
          /** @description Whatever else belongs to it: what our own API calls `metadata`. */
          meta?: {
            [key: string]: unknown;
          } | null;
        } & {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OpenWebuiFlow"];
        };
      };
    };
  };
  webuiDeleteFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of the flow, which is that of its workflow. */
        flow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": true;
        };
      };
    };
  };
  webuiDuplicateFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of the flow, which is that of its workflow. */
        flow_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": {
          /** @description What people call it. */
          name?: string | null;
        } & {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OpenWebuiFlow"];
        };
      };
    };
  };
  webuiExportFlow: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of the flow, which is that of its workflow. */
        flow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OpenWebuiExport"];
        };
      };
    };
  };
  webuiExecuteFlow: {
    parameters: {
      query?: {
        /** @description Who executes it: the `client`, as usual, which gets what it needs, or this `server`. */
        mode?: "client" | "server";
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description A key of the caller's choice: a request that is sent twice with it happens once. */
        "Idempotency-Key"?: string;
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of the flow, which is that of its workflow. */
        flow_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": {
          /** @description The inputs of the flow; without this member, the whole body is. */
          inputs?: {
            [key: string]: unknown;
          } | null;
        } & {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OpenWebuiDelegation"] | components["schemas"]["OpenWebuiStart"];
        };
      };
    };
  };
  webuiListExecutions: {
    parameters: {
      query?: {
        /** @description Which page, from 1; 60 are on each. */
        page?: number;
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of the flow, which is that of its workflow. */
        flow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OpenWebuiListedExecution"][];
        };
      };
    };
  };
  webuiGetStats: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of the flow, which is that of its workflow. */
        flow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OpenWebuiStats"];
        };
      };
    };
  };
  webuiGetExecution: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of the flow, which is that of its workflow. */
        flow_id: string;
        /** @description The id of the execution. */
        flow_execution_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OpenWebuiExecution"];
        };
      };
    };
  };
  webuiGetAnalytics: {
    parameters: {
      query?: {
        /** @description The same for who cannot set a header. */
        sandbox?: components["parameters"]["SandboxInQuery"];
        /** @description For tests: the error to answer with. */
        __code?: components["parameters"]["CodeInQuery"];
        /** @description For tests: milliseconds by which the answer is late. */
        __delay?: components["parameters"]["DelayInQuery"];
        /** @description For tests: `empty` empties a list. */
        __example?: components["parameters"]["ExampleInQuery"];
      };
      header?: {
        /** @description The sandbox that is meant, where the address does not say it. */
        "X-Sandbox"?: components["parameters"]["Sandbox"];
        /** @description For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, `example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can. */
        Prefer?: components["parameters"]["Prefer"];
        /** @description For tests: the error to answer with, as Postman's mock servers name it. */
        "X-Mock-Response-Code"?: components["parameters"]["MockResponseCode"];
        /** @description For tests: milliseconds by which the answer is late. */
        "X-Mock-Response-Delay"?: components["parameters"]["MockResponseDelay"];
      };
      path: {
        /** @description The id of the flow, which is that of its workflow. */
        flow_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is there. */
      200: {
        headers: {
          "Preference-Applied": components["headers"]["Preference-Applied"];
          "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
          "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
          "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
          "X-Understudy-Rule": components["headers"]["X-Understudy-Rule"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OpenWebuiAnalytics"];
        };
      };
    };
  };
}
