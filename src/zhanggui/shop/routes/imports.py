"""Import over HTTP: upload a file, get its report; profile an unknown one; fetch what was rejected."""

from functools import partial
from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, MultipartBody, QueryParameter
from litestar.response import File

from zhanggui.shop.importers.uploads import MAX_UPLOAD
from zhanggui.shop.service.importing import Importer
from zhanggui.shop.types.imports import ImportProfile, ImportReport


class ImportUpload(msgspec.Struct, kw_only=True):
    """The form of an import."""

    file: UploadFile
    kind: str
    basis: str = ""
    map: str = ""  # TOML
    dry_run: bool = False
    accept: bool = False
    fetch: bool = False  # of pictures given as URLs: load them


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
        sync_to_thread=True,
    )
    def import_file(self, importer: NamedDependency[Importer], data: MultipartBody[ImportUpload]) -> ImportReport:
        """Import one file. Good rows are stored, bad ones are in the rejects; doing it again changes nothing."""
        path = importer.keep_upload(data.file.filename, data.file.file)
        try:
            run = partial(importer.run, dry_run=data.dry_run, accept=data.accept, fetch=data.fetch)
            return run(data.kind, [path], data.basis or None, data.map or None)
        finally:
            importer.drop_upload(path)

    @post(
        "/profile",
        operation_id="ProfileImport",
        opt={"scope": "shop:write"},
        request_max_body_size=MAX_UPLOAD,
        status_code=200,
        sync_to_thread=True,
    )
    def profile(self, importer: NamedDependency[Importer], data: MultipartBody[ProfileUpload]) -> ImportProfile:
        """What an unknown file looks like, and the map that would import it. Nothing is stored."""
        path = importer.keep_upload(data.file.filename, data.file.file)
        try:
            return importer.profile(path, data.kind or None)
        finally:
            importer.drop_upload(path)

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

    # Rejected cells may hold what identifies people, so reading them takes the scope of the export.
    @get("/{import_id:str}/rejects", operation_id="GetRejects", opt={"scope": "shop:export"}, sync_to_thread=True)
    def get_rejects(self, importer: NamedDependency[Importer], import_id: FromPath[str]) -> File:
        """The rows that were not taken, as CSV: file, line, column, value, reason, cure."""
        path = importer.rejects(import_id)
        return File(path=path, filename=path.name, media_type="text/csv; charset=utf-8")
