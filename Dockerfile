# One image for every command; settings, .env and a SQLite database lie in the volume /data.
FROM python:3.13-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONPATH=/app MPLCONFIGDIR=/tmp
COPY requirements.txt /app/
RUN python -m pip install --no-cache-dir --require-hashes -r /app/requirements.txt
COPY bot /app/bot
COPY config /app/config
COPY handlers /app/handlers
COPY integrations /app/integrations
COPY examples /app/examples
RUN python -m compileall -q /app # as nobody can write there later, else each start would compile it all
RUN useradd --uid 10001 --no-create-home voc && mkdir /data && chown voc /data
USER voc
WORKDIR /data
VOLUME /data
CMD ["python", "-m", "bot", "up"]
