"""The URLs of the document, as they stand in it."""

from __future__ import annotations

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from .views import FlowDiagramViewSet

router = DefaultRouter()
router.register(r"flows", FlowDiagramViewSet, basename="flows")

urlpatterns = [
    path("api/", include(router.urls)),
]
