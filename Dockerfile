# A small image that runs as an ordinary user. `docker build -t viesis .`
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/viesis
COPY requirements.lock ./
RUN /opt/viesis/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY . ./
RUN /opt/viesis/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home viesis && install -d -o viesis /data
COPY --from=build /opt/viesis /opt/viesis
ENV PATH=/opt/viesis/bin:$PATH PYTHONUNBUFFERED=1 VIESIS_DATA_DIR=/data VIESIS_DATABASE_URL=sqlite:///data/viesis.db
WORKDIR /data
VOLUME /data
USER viesis
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["viesis", "serve", "--host", "0.0.0.0", "--port", "8000"]
