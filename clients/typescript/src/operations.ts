// Written by `npm run generate` from the contract.

import type { Call } from "./call.js";
import type { Method } from "./client.js";
import type { operations } from "./schema.js";

export const OPERATIONS: Readonly<Record<keyof operations, Call>> = {
  getHome: { method: "GET", path: "/", isPublic: true },
  getConsoleAsset: { method: "GET", path: "/console/{console_asset}", gives: "blob", isPublic: true },
  getServerHealth: { method: "GET", path: "/health", isPublic: true },
  getIndex: { method: "GET", path: "/api", isPublic: true },
  getHealth: { method: "GET", path: "/api/health", isPublic: true },
  getContract: { method: "GET", path: "/openapi.json", isPublic: true },
  getContractAsYaml: { method: "GET", path: "/openapi.yaml", gives: "text", isPublic: true },
  getDocs: { method: "GET", path: "/docs", gives: "text", isPublic: true },
  getDocsAsset: { method: "GET", path: "/docs/{asset}", gives: "blob", isPublic: true },
  listProblems: { method: "GET", path: "/problems", isPublic: true },
  getProblem: { method: "GET", path: "/problems/{problem}", isPublic: true },
  listStatuses: { method: "GET", path: "/api/meta/statuses", isPublic: true },
  listWorkflows: { method: "GET", path: "/api/workflows" },
  createWorkflow: { method: "POST", path: "/api/workflows" },
  importWorkflow: { method: "POST", path: "/api/workflows/import" },
  getWorkflow: { method: "GET", path: "/api/workflows/{workflow_id}" },
  replaceWorkflow: { method: "PUT", path: "/api/workflows/{workflow_id}" },
  updateWorkflow: { method: "PATCH", path: "/api/workflows/{workflow_id}" },
  deleteWorkflow: { method: "DELETE", path: "/api/workflows/{workflow_id}" },
  duplicateWorkflow: { method: "POST", path: "/api/workflows/{workflow_id}/duplicate" },
  exportWorkflow: { method: "GET", path: "/api/workflows/{workflow_id}/export" },
  validateWorkflow: { method: "POST", path: "/api/workflows/{workflow_id}/validate" },
  executeWorkflow: { method: "POST", path: "/api/workflows/{workflow_id}/execute" },
  pauseWorkflow: { method: "POST", path: "/api/workflows/{workflow_id}/pause" },
  resumeWorkflow: { method: "POST", path: "/api/workflows/{workflow_id}/resume" },
  stopWorkflow: { method: "POST", path: "/api/workflows/{workflow_id}/stop" },
  getWorkflowStatus: { method: "GET", path: "/api/workflows/{workflow_id}/status" },
  listWorkflowEvents: { method: "GET", path: "/api/workflows/{workflow_id}/events" },
  getDataflow: { method: "GET", path: "/api/workflows/{workflow_id}/dataflow" },
  listNodes: { method: "GET", path: "/api/workflows/{workflow_id}/nodes" },
  createNode: { method: "POST", path: "/api/workflows/{workflow_id}/nodes" },
  getNode: { method: "GET", path: "/api/workflows/{workflow_id}/nodes/{node_id}" },
  replaceNode: { method: "PUT", path: "/api/workflows/{workflow_id}/nodes/{node_id}" },
  updateNode: { method: "PATCH", path: "/api/workflows/{workflow_id}/nodes/{node_id}" },
  deleteNode: { method: "DELETE", path: "/api/workflows/{workflow_id}/nodes/{node_id}" },
  processFiles: { method: "POST", path: "/api/workflows/{workflow_id}/nodes/{node_id}/process-files" },
  listConnections: { method: "GET", path: "/api/workflows/{workflow_id}/connections" },
  createConnection: { method: "POST", path: "/api/workflows/{workflow_id}/connections" },
  getConnection: { method: "GET", path: "/api/workflows/{workflow_id}/connections/{connection_id}" },
  replaceConnection: { method: "PUT", path: "/api/workflows/{workflow_id}/connections/{connection_id}" },
  deleteConnection: { method: "DELETE", path: "/api/workflows/{workflow_id}/connections/{connection_id}" },
  listWorkflowSchedules: { method: "GET", path: "/api/workflows/{workflow_id}/schedules" },
  createSchedule: { method: "POST", path: "/api/workflows/{workflow_id}/schedules" },
  getSchedule: { method: "GET", path: "/api/workflows/{workflow_id}/schedules/{schedule_id}" },
  updateSchedule: { method: "PATCH", path: "/api/workflows/{workflow_id}/schedules/{schedule_id}" },
  deleteSchedule: { method: "DELETE", path: "/api/workflows/{workflow_id}/schedules/{schedule_id}" },
  listSchedules: { method: "GET", path: "/api/schedules" },
  listWebhooks: { method: "GET", path: "/api/workflows/{workflow_id}/webhooks" },
  callWebhookWithGet: { method: "GET", path: "/api/webhooks/{webhook_id}", isPublic: true },
  callWebhook: { method: "POST", path: "/api/webhooks/{webhook_id}", isPublic: true },
  callWebhookWithPut: { method: "PUT", path: "/api/webhooks/{webhook_id}", isPublic: true },
  callWebhookWithPatch: { method: "PATCH", path: "/api/webhooks/{webhook_id}", isPublic: true },
  callWebhookWithDelete: { method: "DELETE", path: "/api/webhooks/{webhook_id}", isPublic: true },
  listShares: { method: "GET", path: "/api/workflows/{workflow_id}/shares" },
  createShare: { method: "POST", path: "/api/workflows/{workflow_id}/shares" },
  updateShare: { method: "PATCH", path: "/api/workflows/{workflow_id}/shares/{user_id}" },
  deleteShare: { method: "DELETE", path: "/api/workflows/{workflow_id}/shares/{user_id}" },
  createShareLink: { method: "POST", path: "/api/workflows/{workflow_id}/share-link" },
  deleteShareLink: { method: "DELETE", path: "/api/workflows/{workflow_id}/share-link" },
  getSharedWorkflow: { method: "GET", path: "/api/shared/{share_token}", isPublic: true },
  listVersions: { method: "GET", path: "/api/workflows/{workflow_id}/versions" },
  getVersion: { method: "GET", path: "/api/workflows/{workflow_id}/versions/{version}" },
  updateVersion: { method: "PATCH", path: "/api/workflows/{workflow_id}/versions/{version}" },
  compareVersions: { method: "GET", path: "/api/workflows/{workflow_id}/versions/{version}/diff" },
  restoreVersion: { method: "POST", path: "/api/workflows/{workflow_id}/versions/{version}/restore" },
  listExecutions: { method: "GET", path: "/api/executions" },
  getExecution: { method: "GET", path: "/api/executions/{execution_id}" },
  deleteExecution: { method: "DELETE", path: "/api/executions/{execution_id}" },
  pauseExecution: { method: "POST", path: "/api/executions/{execution_id}/pause" },
  resumeExecution: { method: "POST", path: "/api/executions/{execution_id}/resume" },
  stopExecution: { method: "POST", path: "/api/executions/{execution_id}/stop" },
  releaseExecution: { method: "POST", path: "/api/executions/{execution_id}/release" },
  retryExecution: { method: "POST", path: "/api/executions/{execution_id}/retry" },
  listExecutionEvents: { method: "GET", path: "/api/executions/{execution_id}/events" },
  answerNode: { method: "POST", path: "/api/executions/{execution_id}/nodes/{node_id}/answer" },
  listEvents: { method: "GET", path: "/api/events" },
  listNodeTypes: { method: "GET", path: "/api/node-types" },
  createNodeType: { method: "POST", path: "/api/node-types" },
  getNodeType: { method: "GET", path: "/api/node-types/{node_type}" },
  replaceNodeType: { method: "PUT", path: "/api/node-types/{node_type}" },
  deleteNodeType: { method: "DELETE", path: "/api/node-types/{node_type}" },
  listTemplates: { method: "GET", path: "/api/templates" },
  createTemplate: { method: "POST", path: "/api/templates" },
  importTemplate: { method: "POST", path: "/api/templates/import" },
  getTemplate: { method: "GET", path: "/api/templates/{template_id}" },
  replaceTemplate: { method: "PUT", path: "/api/templates/{template_id}" },
  deleteTemplate: { method: "DELETE", path: "/api/templates/{template_id}" },
  applyTemplate: { method: "POST", path: "/api/templates/{template_id}/apply" },
  exportTemplate: { method: "GET", path: "/api/templates/{template_id}/export" },
  listFiles: { method: "GET", path: "/api/files" },
  uploadFiles: { method: "POST", path: "/api/files/upload", sends: "form" },
  getFile: { method: "GET", path: "/api/files/{file_id}" },
  deleteFile: { method: "DELETE", path: "/api/files/{file_id}" },
  getFileContent: { method: "GET", path: "/api/files/{file_id}/content", gives: "blob" },
  getFileThumbnail: { method: "GET", path: "/api/files/{file_id}/thumbnail", gives: "blob" },
  register: { method: "POST", path: "/api/auth/register", isPublic: true },
  login: { method: "POST", path: "/api/auth/login", isPublic: true },
  refresh: { method: "POST", path: "/api/auth/refresh", isPublic: true },
  logout: { method: "POST", path: "/api/auth/logout" },
  getMe: { method: "GET", path: "/api/auth/me" },
  updateMe: { method: "PATCH", path: "/api/auth/me" },
  changePassword: { method: "POST", path: "/api/auth/change-password" },
  createUrlToken: { method: "POST", path: "/api/auth/url-token" },
  listApiKeys: { method: "GET", path: "/api/auth/api-keys" },
  createApiKey: { method: "POST", path: "/api/auth/api-keys" },
  getApiKey: { method: "GET", path: "/api/auth/api-keys/{api_key_id}" },
  revokeApiKey: { method: "DELETE", path: "/api/auth/api-keys/{api_key_id}" },
  listUsers: { method: "GET", path: "/api/users" },
  getUser: { method: "GET", path: "/api/users/{user_id}" },
  updateUser: { method: "PATCH", path: "/api/users/{user_id}" },
  openSocket: { method: "GET", path: "/api/ws" },
  getSocketSchema: { method: "GET", path: "/api/ws/schema" },
  getState: { method: "GET", path: "/_control", isPublic: true },
  resetSandbox: { method: "POST", path: "/_control/reset", isPublic: true },
  getClock: { method: "GET", path: "/_control/clock", isPublic: true },
  setClock: { method: "PUT", path: "/_control/clock", isPublic: true },
  advanceClock: { method: "POST", path: "/_control/clock/advance", isPublic: true },
  listFaults: { method: "GET", path: "/_control/faults", isPublic: true },
  createFault: { method: "POST", path: "/_control/faults", isPublic: true },
  replaceFaults: { method: "PUT", path: "/_control/faults", isPublic: true },
  deleteFaults: { method: "DELETE", path: "/_control/faults", isPublic: true },
  listRequests: { method: "GET", path: "/_control/requests", isPublic: true },
  clearRequests: { method: "DELETE", path: "/_control/requests", isPublic: true },
  listSandboxes: { method: "GET", path: "/_control/sandboxes", isPublic: true },
  deleteSandbox: { method: "DELETE", path: "/_control/sandboxes/{sandbox}", isPublic: true },
  listSnapshots: { method: "GET", path: "/_control/snapshots", isPublic: true },
  takeSnapshot: { method: "POST", path: "/_control/snapshots", isPublic: true },
  downloadSnapshot: { method: "GET", path: "/_control/snapshots/{snapshot}", isPublic: true },
  uploadSnapshot: { method: "PUT", path: "/_control/snapshots/{snapshot}", isPublic: true },
  deleteSnapshot: { method: "DELETE", path: "/_control/snapshots/{snapshot}", isPublic: true },
  restoreSnapshot: { method: "POST", path: "/_control/snapshots/{snapshot}/restore", isPublic: true },
  forkSnapshot: { method: "POST", path: "/_control/snapshots/{snapshot}/fork", isPublic: true },
  listScenarios: { method: "GET", path: "/_control/scenarios", isPublic: true },
  djangoListFlows: { method: "GET", path: "/api/flows/" },
  djangoCreateFlow: { method: "POST", path: "/api/flows/" },
  djangoListTemplates: { method: "GET", path: "/api/flows/templates/" },
  djangoGetFlow: { method: "GET", path: "/api/flows/{flow_id}/" },
  djangoReplaceFlow: { method: "PUT", path: "/api/flows/{flow_id}/" },
  djangoUpdateFlow: { method: "PATCH", path: "/api/flows/{flow_id}/" },
  djangoDeleteFlow: { method: "DELETE", path: "/api/flows/{flow_id}/" },
  djangoExecuteFlow: { method: "POST", path: "/api/flows/{flow_id}/execute/" },
  djangoDuplicateFlow: { method: "POST", path: "/api/flows/{flow_id}/duplicate/" },
  djangoListExecutions: { method: "GET", path: "/api/flows/{flow_id}/executions/" },
  djangoFollowFlow: { method: "GET", path: "/api/flows/{flow_id}/ws/" },
  djangoGetExecution: { method: "GET", path: "/api/flows/executions/{flow_execution_id}/" },
  djangoListNodeExecutions: { method: "GET", path: "/api/flows/executions/{flow_execution_id}/nodes/" },
  webuiListFlows: { method: "GET", path: "/api/v1/flows/" },
  webuiCreateFlow: { method: "POST", path: "/api/v1/flows/create" },
  webuiImportFlow: { method: "POST", path: "/api/v1/flows/import" },
  webuiGetFlow: { method: "GET", path: "/api/v1/flows/{flow_id}" },
  webuiUpdateFlow: { method: "POST", path: "/api/v1/flows/{flow_id}" },
  webuiDeleteFlow: { method: "DELETE", path: "/api/v1/flows/{flow_id}" },
  webuiDuplicateFlow: { method: "POST", path: "/api/v1/flows/{flow_id}/duplicate" },
  webuiExportFlow: { method: "GET", path: "/api/v1/flows/{flow_id}/export" },
  webuiExecuteFlow: { method: "POST", path: "/api/v1/flows/{flow_id}/execute" },
  webuiListExecutions: { method: "GET", path: "/api/v1/flows/{flow_id}/executions" },
  webuiGetStats: { method: "GET", path: "/api/v1/flows/{flow_id}/executions/stats" },
  webuiGetExecution: { method: "GET", path: "/api/v1/flows/{flow_id}/executions/{flow_execution_id}" },
  webuiGetAnalytics: { method: "GET", path: "/api/v1/flows/{flow_id}/analytics" },
};

/** One method for each operation of the contract. */
export interface Operations {
  /** The console, or where things are as JSON.
   *
   * `GET /`
   */
  getHome: Method<"getHome">;
  /** A script, a style sheet or a picture of the console.
   *
   * `GET /console/{console_asset}`
   */
  getConsoleAsset: Method<"getConsoleAsset">;
  /** The health of the server, where watchdogs look for it.
   *
   * `GET /health`
   */
  getServerHealth: Method<"getServerHealth">;
  /** Where things are, as JSON.
   *
   * `GET /api`
   */
  getIndex: Method<"getIndex">;
  /** The health of the server, and the versions of what it is made of.
   *
   * `GET /api/health`
   */
  getHealth: Method<"getHealth">;
  /** This contract in JSON, as OpenAPI 3.1.
   *
   * `GET /openapi.json`
   */
  getContract: Method<"getContract">;
  /** This contract in YAML, as OpenAPI 3.1.
   *
   * `GET /openapi.yaml`
   */
  getContractAsYaml: Method<"getContractAsYaml">;
  /** This contract as a page, from which every operation can be tried.
   *
   * `GET /docs`
   */
  getDocs: Method<"getDocs">;
  /** A script, a style sheet or a picture of the documentation.
   *
   * `GET /docs/{asset}`
   */
  getDocsAsset: Method<"getDocsAsset">;
  /** List all error codes.
   *
   * `GET /problems`
   */
  listProblems: Method<"listProblems">;
  /** What an error code means, and what to do about it.
   *
   * `GET /problems/{problem}`
   */
  getProblem: Method<"getProblem">;
  /** Every status: what it means, and which may follow it.
   *
   * `GET /api/meta/statuses`
   */
  listStatuses: Method<"listStatuses">;
  /** List workflows, the last changed first.
   *
   * `GET /api/workflows`
   */
  listWorkflows: Method<"listWorkflows">;
  /** Create a workflow.
   *
   * `POST /api/workflows`
   */
  createWorkflow: Method<"createWorkflow">;
  /** Import a workflow.
   *
   * `POST /api/workflows/import`
   */
  importWorkflow: Method<"importWorkflow">;
  /** Get a workflow with its graph.
   *
   * `GET /api/workflows/{workflow_id}`
   */
  getWorkflow: Method<"getWorkflow">;
  /** Replace the graph of a workflow.
   *
   * `PUT /api/workflows/{workflow_id}`
   */
  replaceWorkflow: Method<"replaceWorkflow">;
  /** Change some members of a workflow.
   *
   * `PATCH /api/workflows/{workflow_id}`
   */
  updateWorkflow: Method<"updateWorkflow">;
  /** Delete a workflow with its schedules, and stop what runs of it.
   *
   * `DELETE /api/workflows/{workflow_id}`
   */
  deleteWorkflow: Method<"deleteWorkflow">;
  /** Copy a workflow.
   *
   * `POST /api/workflows/{workflow_id}/duplicate`
   */
  duplicateWorkflow: Method<"duplicateWorkflow">;
  /** Export a workflow.
   *
   * `GET /api/workflows/{workflow_id}/export`
   */
  exportWorkflow: Method<"exportWorkflow">;
  /** Find what is wrong with a workflow.
   *
   * `POST /api/workflows/{workflow_id}/validate`
   */
  validateWorkflow: Method<"validateWorkflow">;
  /** Execute a workflow.
   *
   * `POST /api/workflows/{workflow_id}/execute`
   */
  executeWorkflow: Method<"executeWorkflow">;
  /** Pause the latest execution of a workflow.
   *
   * `POST /api/workflows/{workflow_id}/pause`
   */
  pauseWorkflow: Method<"pauseWorkflow">;
  /** Resume the latest execution of a workflow.
   *
   * `POST /api/workflows/{workflow_id}/resume`
   */
  resumeWorkflow: Method<"resumeWorkflow">;
  /** Stop the latest execution of a workflow.
   *
   * `POST /api/workflows/{workflow_id}/stop`
   */
  stopWorkflow: Method<"stopWorkflow">;
  /** The latest execution of a workflow in short, or `idle`.
   *
   * `GET /api/workflows/{workflow_id}/status`
   */
  getWorkflowStatus: Method<"getWorkflowStatus">;
  /** The events of a workflow and its executions, as JSON or as a stream.
   *
   * `GET /api/workflows/{workflow_id}/events`
   */
  listWorkflowEvents: Method<"listWorkflowEvents">;
  /** What went over the connections of a workflow.
   *
   * `GET /api/workflows/{workflow_id}/dataflow`
   */
  getDataflow: Method<"getDataflow">;
  /** List the nodes of a workflow.
   *
   * `GET /api/workflows/{workflow_id}/nodes`
   */
  listNodes: Method<"listNodes">;
  /** Add a node to a workflow.
   *
   * `POST /api/workflows/{workflow_id}/nodes`
   */
  createNode: Method<"createNode">;
  /** Get a node of a workflow.
   *
   * `GET /api/workflows/{workflow_id}/nodes/{node_id}`
   */
  getNode: Method<"getNode">;
  /** Replace a node of a workflow.
   *
   * `PUT /api/workflows/{workflow_id}/nodes/{node_id}`
   */
  replaceNode: Method<"replaceNode">;
  /** Change some members of a node.
   *
   * `PATCH /api/workflows/{workflow_id}/nodes/{node_id}`
   */
  updateNode: Method<"updateNode">;
  /** Delete a node, its children and their connections.
   *
   * `DELETE /api/workflows/{workflow_id}/nodes/{node_id}`
   */
  deleteNode: Method<"deleteNode">;
  /** Execute one node of a workflow on uploaded files.
   *
   * `POST /api/workflows/{workflow_id}/nodes/{node_id}/process-files`
   */
  processFiles: Method<"processFiles">;
  /** List the connections of a workflow.
   *
   * `GET /api/workflows/{workflow_id}/connections`
   */
  listConnections: Method<"listConnections">;
  /** Connect two nodes of a workflow.
   *
   * `POST /api/workflows/{workflow_id}/connections`
   */
  createConnection: Method<"createConnection">;
  /** Get a connection of a workflow.
   *
   * `GET /api/workflows/{workflow_id}/connections/{connection_id}`
   */
  getConnection: Method<"getConnection">;
  /** Replace a connection of a workflow.
   *
   * `PUT /api/workflows/{workflow_id}/connections/{connection_id}`
   */
  replaceConnection: Method<"replaceConnection">;
  /** Delete a connection of a workflow.
   *
   * `DELETE /api/workflows/{workflow_id}/connections/{connection_id}`
   */
  deleteConnection: Method<"deleteConnection">;
  /** List the schedules of a workflow.
   *
   * `GET /api/workflows/{workflow_id}/schedules`
   */
  listWorkflowSchedules: Method<"listWorkflowSchedules">;
  /** Create a schedule of a workflow.
   *
   * `POST /api/workflows/{workflow_id}/schedules`
   */
  createSchedule: Method<"createSchedule">;
  /** Get a schedule of a workflow.
   *
   * `GET /api/workflows/{workflow_id}/schedules/{schedule_id}`
   */
  getSchedule: Method<"getSchedule">;
  /** Change a schedule of a workflow.
   *
   * `PATCH /api/workflows/{workflow_id}/schedules/{schedule_id}`
   */
  updateSchedule: Method<"updateSchedule">;
  /** Delete a schedule of a workflow.
   *
   * `DELETE /api/workflows/{workflow_id}/schedules/{schedule_id}`
   */
  deleteSchedule: Method<"deleteSchedule">;
  /** List the schedules of all workflows, the next one that is due first.
   *
   * `GET /api/schedules`
   */
  listSchedules: Method<"listSchedules">;
  /** List the webhooks of a workflow.
   *
   * `GET /api/workflows/{workflow_id}/webhooks`
   */
  listWebhooks: Method<"listWebhooks">;
  /** Start an execution at a trigger that listens to GET.
   *
   * `GET /api/webhooks/{webhook_id}`
   */
  callWebhookWithGet: Method<"callWebhookWithGet">;
  /** Start an execution at a trigger that listens to POST, as most do.
   *
   * `POST /api/webhooks/{webhook_id}`
   */
  callWebhook: Method<"callWebhook">;
  /** Start an execution at a trigger that listens to PUT.
   *
   * `PUT /api/webhooks/{webhook_id}`
   */
  callWebhookWithPut: Method<"callWebhookWithPut">;
  /** Start an execution at a trigger that listens to PATCH.
   *
   * `PATCH /api/webhooks/{webhook_id}`
   */
  callWebhookWithPatch: Method<"callWebhookWithPatch">;
  /** Start an execution at a trigger that listens to DELETE.
   *
   * `DELETE /api/webhooks/{webhook_id}`
   */
  callWebhookWithDelete: Method<"callWebhookWithDelete">;
  /** With whom a workflow is shared.
   *
   * `GET /api/workflows/{workflow_id}/shares`
   */
  listShares: Method<"listShares">;
  /** Share a workflow with a user.
   *
   * `POST /api/workflows/{workflow_id}/shares`
   */
  createShare: Method<"createShare">;
  /** Change what a user may do with a shared workflow.
   *
   * `PATCH /api/workflows/{workflow_id}/shares/{user_id}`
   */
  updateShare: Method<"updateShare">;
  /** Share a workflow with a user no more.
   *
   * `DELETE /api/workflows/{workflow_id}/shares/{user_id}`
   */
  deleteShare: Method<"deleteShare">;
  /** Make a link that shows a workflow.
   *
   * `POST /api/workflows/{workflow_id}/share-link`
   */
  createShareLink: Method<"createShareLink">;
  /** Revoke the link of a workflow.
   *
   * `DELETE /api/workflows/{workflow_id}/share-link`
   */
  deleteShareLink: Method<"deleteShareLink">;
  /** Look at a shared workflow.
   *
   * `GET /api/shared/{share_token}`
   */
  getSharedWorkflow: Method<"getSharedWorkflow">;
  /** List the versions of a workflow, the newest first.
   *
   * `GET /api/workflows/{workflow_id}/versions`
   */
  listVersions: Method<"listVersions">;
  /** Get a version of a workflow with its document.
   *
   * `GET /api/workflows/{workflow_id}/versions/{version}`
   */
  getVersion: Method<"getVersion">;
  /** Call a version of a workflow something.
   *
   * `PATCH /api/workflows/{workflow_id}/versions/{version}`
   */
  updateVersion: Method<"updateVersion">;
  /** Compare two versions of a workflow.
   *
   * `GET /api/workflows/{workflow_id}/versions/{version}/diff`
   */
  compareVersions: Method<"compareVersions">;
  /** Restore a version of a workflow.
   *
   * `POST /api/workflows/{workflow_id}/versions/{version}/restore`
   */
  restoreVersion: Method<"restoreVersion">;
  /** List executions, the newest first.
   *
   * `GET /api/executions`
   */
  listExecutions: Method<"listExecutions">;
  /** Get an execution with its nodes.
   *
   * `GET /api/executions/{execution_id}`
   */
  getExecution: Method<"getExecution">;
  /** Forget an execution that has ended.
   *
   * `DELETE /api/executions/{execution_id}`
   */
  deleteExecution: Method<"deleteExecution">;
  /** Pause an execution.
   *
   * `POST /api/executions/{execution_id}/pause`
   */
  pauseExecution: Method<"pauseExecution">;
  /** Resume an execution.
   *
   * `POST /api/executions/{execution_id}/resume`
   */
  resumeExecution: Method<"resumeExecution">;
  /** Stop an execution.
   *
   * `POST /api/executions/{execution_id}/stop`
   */
  stopExecution: Method<"stopExecution">;
  /** Let an execution begin that was held.
   *
   * `POST /api/executions/{execution_id}/release`
   */
  releaseExecution: Method<"releaseExecution">;
  /** Execute once more what has ended.
   *
   * `POST /api/executions/{execution_id}/retry`
   */
  retryExecution: Method<"retryExecution">;
  /** The events of an execution, as JSON or as a stream.
   *
   * `GET /api/executions/{execution_id}/events`
   */
  listExecutionEvents: Method<"listExecutionEvents">;
  /** Answer a node that waits for a person.
   *
   * `POST /api/executions/{execution_id}/nodes/{node_id}/answer`
   */
  answerNode: Method<"answerNode">;
  /** All events of a sandbox, as JSON or as a stream.
   *
   * `GET /api/events`
   */
  listEvents: Method<"listEvents">;
  /** The palette: every node type, by category and name.
   *
   * `GET /api/node-types`
   */
  listNodeTypes: Method<"listNodeTypes">;
  /** Add a node type of one's own.
   *
   * `POST /api/node-types`
   */
  createNodeType: Method<"createNodeType">;
  /** Get a node type.
   *
   * `GET /api/node-types/{node_type}`
   */
  getNodeType: Method<"getNodeType">;
  /** Replace a node type of one's own.
   *
   * `PUT /api/node-types/{node_type}`
   */
  replaceNodeType: Method<"replaceNodeType">;
  /** Remove a node type of one's own.
   *
   * `DELETE /api/node-types/{node_type}`
   */
  deleteNodeType: Method<"deleteNodeType">;
  /** List templates, the last changed first.
   *
   * `GET /api/templates`
   */
  listTemplates: Method<"listTemplates">;
  /** Create a template.
   *
   * `POST /api/templates`
   */
  createTemplate: Method<"createTemplate">;
  /** Import a template.
   *
   * `POST /api/templates/import`
   */
  importTemplate: Method<"importTemplate">;
  /** Get a template with its graph.
   *
   * `GET /api/templates/{template_id}`
   */
  getTemplate: Method<"getTemplate">;
  /** Replace a template.
   *
   * `PUT /api/templates/{template_id}`
   */
  replaceTemplate: Method<"replaceTemplate">;
  /** Delete a template.
   *
   * `DELETE /api/templates/{template_id}`
   */
  deleteTemplate: Method<"deleteTemplate">;
  /** Put a template into a workflow, or make a new one of it.
   *
   * `POST /api/templates/{template_id}/apply`
   */
  applyTemplate: Method<"applyTemplate">;
  /** Export a template.
   *
   * `GET /api/templates/{template_id}/export`
   */
  exportTemplate: Method<"exportTemplate">;
  /** List files, the newest first.
   *
   * `GET /api/files`
   */
  listFiles: Method<"listFiles">;
  /** Upload files.
   *
   * `POST /api/files/upload`
   */
  uploadFiles: Method<"uploadFiles">;
  /** Get what was found in a file.
   *
   * `GET /api/files/{file_id}`
   */
  getFile: Method<"getFile">;
  /** Delete a file.
   *
   * `DELETE /api/files/{file_id}`
   */
  deleteFile: Method<"deleteFile">;
  /** The bytes of a file, or a range of them.
   *
   * `GET /api/files/{file_id}/content`
   */
  getFileContent: Method<"getFileContent">;
  /** A small picture of a file.
   *
   * `GET /api/files/{file_id}/thumbnail`
   */
  getFileThumbnail: Method<"getFileThumbnail">;
  /** Register.
   *
   * `POST /api/auth/register`
   */
  register: Method<"register">;
  /** Log in.
   *
   * `POST /api/auth/login`
   */
  login: Method<"login">;
  /** Get new tokens.
   *
   * `POST /api/auth/refresh`
   */
  refresh: Method<"refresh">;
  /** Log out.
   *
   * `POST /api/auth/logout`
   */
  logout: Method<"logout">;
  /** Who one is.
   *
   * `GET /api/auth/me`
   */
  getMe: Method<"getMe">;
  /** Change one's name or email.
   *
   * `PATCH /api/auth/me`
   */
  updateMe: Method<"updateMe">;
  /** Change one's password.
   *
   * `POST /api/auth/change-password`
   */
  changePassword: Method<"changePassword">;
  /** Get a token for an address.
   *
   * `POST /api/auth/url-token`
   */
  createUrlToken: Method<"createUrlToken">;
  /** List one's API keys, oldest first.
   *
   * `GET /api/auth/api-keys`
   */
  listApiKeys: Method<"listApiKeys">;
  /** Make an API key.
   *
   * `POST /api/auth/api-keys`
   */
  createApiKey: Method<"createApiKey">;
  /** Get an API key, without the key itself.
   *
   * `GET /api/auth/api-keys/{api_key_id}`
   */
  getApiKey: Method<"getApiKey">;
  /** Revoke an API key.
   *
   * `DELETE /api/auth/api-keys/{api_key_id}`
   */
  revokeApiKey: Method<"revokeApiKey">;
  /** List users, by their usernames.
   *
   * `GET /api/users`
   */
  listUsers: Method<"listUsers">;
  /** Get a user.
   *
   * `GET /api/users/{user_id}`
   */
  getUser: Method<"getUser">;
  /** Change a user.
   *
   * `PATCH /api/users/{user_id}`
   */
  updateUser: Method<"updateUser">;
  /** Open a WebSocket for events and commands.
   *
   * `GET /api/ws`
   */
  openSocket: Method<"openSocket">;
  /** The messages of the WebSocket, as JSON Schema.
   *
   * `GET /api/ws/schema`
   */
  getSocketSchema: Method<"getSocketSchema">;
  /** The state of a sandbox: seed, clock, counts, faults and limits.
   *
   * `GET /_control`
   */
  getState: Method<"getState">;
  /** Make a sandbox like a new one.
   *
   * `POST /_control/reset`
   */
  resetSandbox: Method<"resetSandbox">;
  /** How time goes by in a sandbox, and when it is.
   *
   * `GET /_control/clock`
   */
  getClock: Method<"getClock">;
  /** Change how time goes by, or let it go on to a moment.
   *
   * `PUT /_control/clock`
   */
  setClock: Method<"setClock">;
  /** Let time go on: by seconds, to a moment, or until something happens.
   *
   * `POST /_control/clock/advance`
   */
  advanceClock: Method<"advanceClock">;
  /** List the fault rules, and how often each applied.
   *
   * `GET /_control/faults`
   */
  listFaults: Method<"listFaults">;
  /** Add a fault rule behind the others.
   *
   * `POST /_control/faults`
   */
  createFault: Method<"createFault">;
  /** Replace all fault rules.
   *
   * `PUT /_control/faults`
   */
  replaceFaults: Method<"replaceFaults">;
  /** Forget all fault rules.
   *
   * `DELETE /_control/faults`
   */
  deleteFaults: Method<"deleteFaults">;
  /** List the latest requests to a sandbox, oldest first.
   *
   * `GET /_control/requests`
   */
  listRequests: Method<"listRequests">;
  /** Forget requests of the log.
   *
   * `DELETE /_control/requests`
   */
  clearRequests: Method<"clearRequests">;
  /** List the sandboxes that are alive, by name.
   *
   * `GET /_control/sandboxes`
   */
  listSandboxes: Method<"listSandboxes">;
  /** Delete a sandbox with all that it holds.
   *
   * `DELETE /_control/sandboxes/{sandbox}`
   */
  deleteSandbox: Method<"deleteSandbox">;
  /** List the snapshots of a sandbox.
   *
   * `GET /_control/snapshots`
   */
  listSnapshots: Method<"listSnapshots">;
  /** Take a snapshot of a sandbox.
   *
   * `POST /_control/snapshots`
   */
  takeSnapshot: Method<"takeSnapshot">;
  /** Download a snapshot.
   *
   * `GET /_control/snapshots/{snapshot}`
   */
  downloadSnapshot: Method<"downloadSnapshot">;
  /** Upload a snapshot.
   *
   * `PUT /_control/snapshots/{snapshot}`
   */
  uploadSnapshot: Method<"uploadSnapshot">;
  /** Delete a snapshot.
   *
   * `DELETE /_control/snapshots/{snapshot}`
   */
  deleteSnapshot: Method<"deleteSnapshot">;
  /** Set a sandbox back to a snapshot.
   *
   * `POST /_control/snapshots/{snapshot}/restore`
   */
  restoreSnapshot: Method<"restoreSnapshot">;
  /** Let another sandbox go on from a snapshot.
   *
   * `POST /_control/snapshots/{snapshot}/fork`
   */
  forkSnapshot: Method<"forkSnapshot">;
  /** List the scenarios that a sandbox can be filled with.
   *
   * `GET /_control/scenarios`
   */
  listScenarios: Method<"listScenarios">;
  /** List flows as the Django editor does, the last changed first.
   *
   * `GET /api/flows/`
   */
  djangoListFlows: Method<"djangoListFlows">;
  /** Create a flow as the Django editor does.
   *
   * `POST /api/flows/`
   */
  djangoCreateFlow: Method<"djangoCreateFlow">;
  /** List templates as the Django editor does.
   *
   * `GET /api/flows/templates/`
   */
  djangoListTemplates: Method<"djangoListTemplates">;
  /** Get a flow as the Django editor does.
   *
   * `GET /api/flows/{flow_id}/`
   */
  djangoGetFlow: Method<"djangoGetFlow">;
  /** Save a flow as the Django editor does.
   *
   * `PUT /api/flows/{flow_id}/`
   */
  djangoReplaceFlow: Method<"djangoReplaceFlow">;
  /** Change some fields of a flow as the Django editor does.
   *
   * `PATCH /api/flows/{flow_id}/`
   */
  djangoUpdateFlow: Method<"djangoUpdateFlow">;
  /** Delete a flow as the Django editor does, and stop what runs of it.
   *
   * `DELETE /api/flows/{flow_id}/`
   */
  djangoDeleteFlow: Method<"djangoDeleteFlow">;
  /** Execute a flow as the Django editor does.
   *
   * `POST /api/flows/{flow_id}/execute/`
   */
  djangoExecuteFlow: Method<"djangoExecuteFlow">;
  /** Copy a flow as the Django editor does.
   *
   * `POST /api/flows/{flow_id}/duplicate/`
   */
  djangoDuplicateFlow: Method<"djangoDuplicateFlow">;
  /** List the executions of a flow as the Django editor does, the newest first.
   *
   * `GET /api/flows/{flow_id}/executions/`
   */
  djangoListExecutions: Method<"djangoListExecutions">;
  /** Follow a flow as the Django editor does, over a WebSocket.
   *
   * `GET /api/flows/{flow_id}/ws/`
   */
  djangoFollowFlow: Method<"djangoFollowFlow">;
  /** Get an execution as the Django editor does.
   *
   * `GET /api/flows/executions/{flow_execution_id}/`
   */
  djangoGetExecution: Method<"djangoGetExecution">;
  /** List what became of the nodes in an execution as the Django editor does.
   *
   * `GET /api/flows/executions/{flow_execution_id}/nodes/`
   */
  djangoListNodeExecutions: Method<"djangoListNodeExecutions">;
  /** List the flows of whoever asks, the last changed first.
   *
   * `GET /api/v1/flows/`
   */
  webuiListFlows: Method<"webuiListFlows">;
  /** Create a flow.
   *
   * `POST /api/v1/flows/create`
   */
  webuiCreateFlow: Method<"webuiCreateFlow">;
  /** Import a flow from an export of version 1.0.
   *
   * `POST /api/v1/flows/import`
   */
  webuiImportFlow: Method<"webuiImportFlow">;
  /** Get a flow with its graph.
   *
   * `GET /api/v1/flows/{flow_id}`
   */
  webuiGetFlow: Method<"webuiGetFlow">;
  /** Change a flow.
   *
   * `POST /api/v1/flows/{flow_id}`
   */
  webuiUpdateFlow: Method<"webuiUpdateFlow">;
  /** Delete a flow, and stop what runs of it.
   *
   * `DELETE /api/v1/flows/{flow_id}`
   */
  webuiDeleteFlow: Method<"webuiDeleteFlow">;
  /** Copy a flow.
   *
   * `POST /api/v1/flows/{flow_id}/duplicate`
   */
  webuiDuplicateFlow: Method<"webuiDuplicateFlow">;
  /** Export a flow.
   *
   * `GET /api/v1/flows/{flow_id}/export`
   */
  webuiExportFlow: Method<"webuiExportFlow">;
  /** Hand a flow to the client to execute, or execute it on the server.
   *
   * `POST /api/v1/flows/{flow_id}/execute`
   */
  webuiExecuteFlow: Method<"webuiExecuteFlow">;
  /** List the executions of a flow on the server, the newest first.
   *
   * `GET /api/v1/flows/{flow_id}/executions`
   */
  webuiListExecutions: Method<"webuiListExecutions">;
  /** Count the executions of a flow.
   *
   * `GET /api/v1/flows/{flow_id}/executions/stats`
   */
  webuiGetStats: Method<"webuiGetStats">;
  /** Get an execution of a flow with what went in, came out and went wrong.
   *
   * `GET /api/v1/flows/{flow_id}/executions/{flow_execution_id}`
   */
  webuiGetExecution: Method<"webuiGetExecution">;
  /** Measure the executions of a flow, as a whole and by node.
   *
   * `GET /api/v1/flows/{flow_id}/analytics`
   */
  webuiGetAnalytics: Method<"webuiGetAnalytics">;
}

/** What takes a token in its address, because a page shows it by itself. */
export type Embedded =
  | "listWorkflowEvents"
  | "listExecutionEvents"
  | "listEvents"
  | "getFileContent"
  | "getFileThumbnail"
  | "openSocket"
  | "djangoFollowFlow";

/** Why Understudy refuses, for programs. */
export type Refusal =
  | "admin_only"
  | "already_running"
  | "api_key_not_found"
  | "asset_not_found"
  | "bad_answer"
  | "bad_credentials"
  | "bad_document"
  | "bad_graph"
  | "bad_idempotency_key"
  | "bad_last_event_id"
  | "bad_node"
  | "bad_parameter"
  | "bad_preference"
  | "bad_query"
  | "bad_rate"
  | "bad_sandbox_name"
  | "bad_scenario_file"
  | "bad_schedule"
  | "bad_snapshot_name"
  | "bad_sort"
  | "bad_token"
  | "bad_until"
  | "broken_snapshot"
  | "built_in_type"
  | "cannot_run"
  | "clock_backwards"
  | "clock_too_far"
  | "connection_not_found"
  | "console_asset_not_found"
  | "control_needs_token"
  | "dangling_connection"
  | "duplicate_connection"
  | "duplicate_id"
  | "duplicate_rule"
  | "email_taken"
  | "empty_file"
  | "events_forgotten"
  | "execution_not_found"
  | "expires_in_the_past"
  | "file_not_found"
  | "foreign_host"
  | "foreign_origin"
  | "id_mismatch"
  | "idempotency_in_progress"
  | "idempotency_key_reused"
  | "image_too_large"
  | "internal_error"
  | "invalid_input"
  | "invalid_node_type"
  | "last_admin"
  | "loops_entangled"
  | "malformed"
  | "malformed_json"
  | "no_file"
  | "no_graph"
  | "no_sandbox"
  | "node_not_found"
  | "node_type_exists"
  | "node_type_not_found"
  | "not_acceptable"
  | "not_authenticated"
  | "not_permitted"
  | "not_waiting"
  | "not_writable"
  | "problem_not_found"
  | "queue_full"
  | "range_not_satisfiable"
  | "rate_limited"
  | "revision_mismatch"
  | "sandbox_exists"
  | "sandbox_not_found"
  | "schedule_not_found"
  | "set_back"
  | "share_token_not_found"
  | "shared_with_owner"
  | "snapshot_exists"
  | "snapshot_not_found"
  | "template_not_found"
  | "token_expired"
  | "too_deep"
  | "too_large"
  | "too_many_api_keys"
  | "too_many_connections"
  | "too_many_faults"
  | "too_many_files"
  | "too_many_groups"
  | "too_many_node_types"
  | "too_many_nodes"
  | "too_many_per_page"
  | "too_many_sandboxes"
  | "too_many_schedules"
  | "too_many_shares"
  | "too_many_snapshots"
  | "too_many_streams"
  | "too_many_templates"
  | "too_many_users"
  | "too_many_workflows"
  | "unknown_format"
  | "unknown_scenario"
  | "unknown_snapshot_version"
  | "unknown_user"
  | "unsupported_media_type"
  | "upgrade_required"
  | "user_not_found"
  | "username_taken"
  | "version_not_found"
  | "webhook_not_found"
  | "workflow_not_found"
  | "wrong_password"
  | "wrong_status";
