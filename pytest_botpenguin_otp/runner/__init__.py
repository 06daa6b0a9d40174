"""Drives chats in virtual time, against a world or any other service."""

from pytest_botpenguin_otp.runner.core import ApiExchange
from pytest_botpenguin_otp.runner.drivers import AsyncFlowChat, AsyncFlowRunner, FlowChat, FlowRunner

__all__ = ["ApiExchange", "AsyncFlowChat", "AsyncFlowRunner", "FlowChat", "FlowRunner"]
