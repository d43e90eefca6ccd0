// src/services/flowAPI.js
import axios from 'axios';

const API_BASE_URL = process.env.REACT_APP_API_URL || 'http://localhost:8000/api';

export const flowAPI = {
  // Get all flows for current user
  getFlows: () => axios.get(`${API_BASE_URL}/flows/`),
  
  // Get specific flow
  getFlow: (id) => axios.get(`${API_BASE_URL}/flows/${id}/`),
  
  // Create new flow
  createFlow: (flowData) => axios.post(`${API_BASE_URL}/flows/`, flowData),
  
  // Update flow
  updateFlow: (id, flowData) => axios.put(`${API_BASE_URL}/flows/${id}/`, flowData),
  
  // Delete flow
  deleteFlow: (id) => axios.delete(`${API_BASE_URL}/flows/${id}/`),
  
  // Execute flow
  executeFlow: (id) => axios.post(`${API_BASE_URL}/flows/${id}/execute/`),
  
  // Duplicate flow
  duplicateFlow: (id) => axios.post(`${API_BASE_URL}/flows/${id}/duplicate/`),
  
  // Get templates
  getTemplates: () => axios.get(`${API_BASE_URL}/flows/templates/`)
};
