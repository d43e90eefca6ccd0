// What an editor does with all eight calls; tells what each was answered with, as JSON.
import axios from 'axios';

import { flowAPI } from './flowAPI.js';

const told = {};
const tell = async (name, call) => {
  const { status, data } = await call;
  told[name] = { status, data };
  return data;
};

if (process.env.TOKEN) {
  axios.defaults.headers.common.Authorization = `Bearer ${process.env.TOKEN}`;
}

const templates = await tell('getTemplates', flowAPI.getTemplates());
const template = templates.find(({ name }) => name === 'IoT Data Pipeline');
const made = await tell('createFlow', flowAPI.createFlow({ ...template, name: 'Hall 2' }));
await tell('getFlow', flowAPI.getFlow(made.id));
await tell('updateFlow', flowAPI.updateFlow(made.id, { ...made, name: 'Hall 3', is_active: true }));
const copy = await tell('duplicateFlow', flowAPI.duplicateFlow(made.id));
await tell('executeFlow', flowAPI.executeFlow(made.id));
await tell('deleteFlow', flowAPI.deleteFlow(copy.id));
await tell('getFlows', flowAPI.getFlows());
await flowAPI.getFlow(copy.id).catch(({ response: { status, data } }) => {
  told.gone = { status, data };
});
console.log(JSON.stringify(told));
