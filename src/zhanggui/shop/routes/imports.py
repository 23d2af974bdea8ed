"""Import over HTTP: upload a file, get its report or follow it; profile an unknown one; fetch what was rejected."""

from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import ResponseHeader, UploadFile
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, MultipartBody, QueryParameter
from litestar.response import File

from zhanggui.kernel.listing import AnyRequest, actor_of
from zhanggui.shop.importers.uploads import MAX_UPLOAD
from zhanggui.shop.service.import_undo import ImportUndoing
from zhanggui.shop.service.importing import Importer
from zhanggui.shop.service.uploads import Uploads
from zhanggui.shop.types.imports import ImportAsk, ImportProfile, ImportProgress, ImportReport
from zhanggui.shop.types.undoing import ImportUndo

ACCEPTED = ResponseSpec(
    ImportProgress, description="Taken; the header Location says where to follow it", generate_examples=False
)


class ImportForm(msgspec.Struct, kw_only=True):
    """The form of an import."""

    file: UploadFile
    kind: str
    basis: str = ""
    map: str = ""  # TOML
    dry_run: bool = False
    accept: bool = False
    fetch: bool = False  # of pictures given as URLs: load them
    currency: str = ""  # of amounts where neither a column nor the map says it; without one, the shop's own
    licence: str = ""  # of texts where neither a column nor the map says it: own, training, display or unknown


class ProfileUpload(msgspec.Struct, kw_only=True):
    """The form of a profile."""

    file: UploadFile
    kind: str = ""


class ImportRoutes(Controller):
    """Files into the shop."""

    path = "/v1/{shop:str}/imports"
    tags = ("import",)

    @post(
        "/",
        operation_id="Import",
        opt={"scope": "shop:write"},
        request_max_body_size=MAX_UPLOAD,
        status_code=200,
        responses={202: ACCEPTED},
        sync_to_thread=True,
    )
    def import_file(
        self, uploads: NamedDependency[Uploads], shop: FromPath[str], data: MultipartBody[ImportForm]
    ) -> Response[ImportReport | ImportProgress]:
        """Import one file. Good rows are stored, bad ones are in the rejects; doing it again changes nothing.

        Up to 4 MiB the answer is the report. A larger file, and pictures that are to be loaded, are imported in the
        background: 202, and `Location` says where to follow it.
        """
        ask = msgspec.convert(data, ImportAsk, from_attributes=True)
        answer = uploads.take(data.file.filename, data.file.file, ask)
        if isinstance(answer, ImportReport):
            return Response(answer)
        where = f"/v1/{shop}/imports/{answer.id}/progress"
        return Response(answer, status_code=202, headers=[ResponseHeader(name="Location", value=where)])

    @post(
        "/profile",
        operation_id="ProfileImport",
        opt={"scope": "shop:write"},
        request_max_body_size=MAX_UPLOAD,
        status_code=200,
        sync_to_thread=True,
    )
    def profile(self, uploads: NamedDependency[Uploads], data: MultipartBody[ProfileUpload]) -> ImportProfile:
        """What an unknown file looks like, and the map that would import it. Nothing is stored."""
        with uploads.held(data.file.filename, data.file.file) as path:
            return uploads.importer.profile(path, data.kind or None)

    @get("/", operation_id="ListImports", opt={"scope": "shop:read"}, sync_to_thread=True)
    def list_imports(
        self,
        importer: NamedDependency[Importer],
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> list[ImportReport]:
        """What imports did, newest first."""
        return importer.reports(limit)

    @get("/{import_id:str}", operation_id="GetImport", opt={"scope": "shop:read"}, sync_to_thread=True)
    def get_import(self, importer: NamedDependency[Importer], import_id: FromPath[str]) -> ImportReport:
        """What one import did."""
        return importer.report(import_id)

    @get("/{import_id:str}/progress", operation_id="GetImportProgress", opt={"scope": "shop:read"}, sync_to_thread=True)
    def get_progress(self, uploads: NamedDependency[Uploads], import_id: FromPath[str]) -> ImportProgress:
        """How far an import in the background is; with its report once it is done."""
        return uploads.progress(import_id)

    @post(
        "/{import_id:str}/undo",
        operation_id="UndoImport",
        opt={"scope": "shop:write"},
        status_code=202,
        sync_to_thread=True,
    )
    def undo(
        self, request: AnyRequest, undoing: NamedDependency[ImportUndoing], import_id: FromPath[str]
    ) -> ImportUndo:
        """Take a whole import back, in the background.

        What it brought goes, what it changed gets back what stood before.
        What was changed since, or is used by what came later, stays and is counted. Asking twice does it once; GET on
        the same address says how far it is. It stands in the ledger with whoever asked.
        """
        return undoing.ask(import_id, actor_of(request))

    @get("/{import_id:str}/undo", operation_id="GetImportUndo", opt={"scope": "shop:read"}, sync_to_thread=True)
    def get_undo(self, undoing: NamedDependency[ImportUndoing], import_id: FromPath[str]) -> ImportUndo:
        """What taking an import back did; where nobody has asked for it, what it would do now."""
        return undoing.look(import_id)

    # Rejected cells may hold what identifies people, so reading them takes the scope of the export.
    @get("/{import_id:str}/rejects", operation_id="GetRejects", opt={"scope": "shop:export"}, sync_to_thread=True)
    def get_rejects(self, importer: NamedDependency[Importer], import_id: FromPath[str]) -> File:
        """The rows that were not taken, as CSV: file, line, column, value, reason, cure."""
        path = importer.rejects(import_id)
        return File(path=path, filename=path.name, media_type="text/csv")
