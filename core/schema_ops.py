"""Migration operations for tables that have rows, on both engines."""

from tortoise.fields.base import Field
from tortoise.migrations.operations import AddField
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State


class AddFilled(AddField):
    """Add a field that may not be empty to a table that has rows: Tortoise's own writes no default.

    `sql` is the column's type and default, as both engines understand it.
    """

    def __init__(self, model_name: str, name: str, field: "Field[object]", sql: str) -> None:
        super().__init__(model_name, name, field)
        self.sql = sql

    async def database_forward(
        self,
        app_label: str,
        old_state: State,  # noqa: ARG002 - the library calls it so
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Add the column with its default."""
        if state_editor:
            table = new_state.apps.get_model(f"{app_label}.{self.model_name}").describe()["table"]
            await state_editor.client.execute_script(
                f"ALTER TABLE {table} ADD COLUMN {self.name} {self.sql}"
            )
