# The reference service. docs/decisions/0014-image.md says why it is built this way.
ARG PYTHON=3.11.15-slim-bookworm

FROM python:${PYTHON} AS dependencies
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
COPY requirements/service.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes --only-binary=:all: --requirement service.txt \
    && /opt/venv/bin/pip uninstall --yes pip setuptools

FROM python:${PYTHON}
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    APP_LOG_DIR=/app/logs
WORKDIR /app
RUN install --directory --owner=10001 --group=10001 /app/logs
COPY --from=dependencies /opt/venv /opt/venv
COPY app ./app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health', timeout=2)"]
CMD ["gunicorn", "--config", "app/gunicorn.conf.py", "--bind", "0.0.0.0:8000", "app:create_app()"]
