from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Hash every file; rewrite imports only in static/js, where we keep the rules (final semicolon, no cycles).

    Django's own switch for ES modules fails on modules of other packages that name imports in comments.
    """

    patterns = (
        ("*.css", HashedFilesMixin.patterns[0][1][:2]),  # url() and @import, no sourceMappingURL
        ("js/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1]),
    )
