"""The views of the document, as they stand in it."""

from __future__ import annotations

from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from .models import FlowDiagram, FlowExecution
from .serializers import FlowDiagramSerializer


class FlowDiagramViewSet(viewsets.ModelViewSet):
    serializer_class = FlowDiagramSerializer
    permission_classes = [IsAuthenticated]

    def get_queryset(self):
        return FlowDiagram.objects.filter(owner=self.request.user)

    def perform_create(self, serializer):
        serializer.save(owner=self.request.user)

    @action(detail=True, methods=["post"])
    def execute(self, request, pk=None):
        """Execute a flow diagram"""
        flow = self.get_object()
        execution = FlowExecution.objects.create(flow=flow, status="pending")

        # The document leaves the logic of the execution open here.

        return Response(
            {
                "execution_id": execution.id,
                "status": "started",
                "message": "Flow execution started",
            }
        )

    @action(detail=True, methods=["post"])
    def duplicate(self, request, pk=None):
        """Duplicate a flow diagram"""
        original_flow = self.get_object()
        new_flow = FlowDiagram.objects.create(
            name=f"{original_flow.name} (Copy)",
            description=original_flow.description,
            owner=request.user,
            nodes=original_flow.nodes,
            edges=original_flow.edges,
            metadata=original_flow.metadata,
            tags=original_flow.tags,
        )
        serializer = self.get_serializer(new_flow)
        return Response(serializer.data, status=status.HTTP_201_CREATED)

    @action(detail=False, methods=["get"])
    def templates(self, request):
        """Get predefined flow templates"""
        templates = [
            {
                "name": "IoT Data Pipeline",
                "description": "Basic IoT sensor data processing pipeline",
                "nodes": [
                    # Predefined nodes for common IoT scenarios
                ],
                "edges": [],
                "tags": ["iot", "template"],
            },
            {
                "name": "Data Analytics Flow",
                "description": "Process and analyze sensor data",
                "nodes": [],
                "edges": [],
                "tags": ["analytics", "template"],
            },
        ]
        return Response(templates)
