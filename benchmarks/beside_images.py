"""Reading a status while large photographs are uploaded, made small and processed, beside reading it in peace.

Two clients in processes of their own send a JPEG of 24 megapixels, ask for its thumbnails and have a node resize it,
again and again. Meanwhile a third reads a status fifty times a second, as an editor might.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import time
from http.client import HTTPConnection
from multiprocessing.synchronize import Event
from typing import Any
from urllib.request import Request, urlopen

from measuring import at_share, call, is_quick, layered, make_workflow, spread, understudy
from PIL import Image

BOUNDARY = "understudy-benchmark"


def make_photograph(width: int, height: int) -> bytes:
    """A JPEG with a gradient and grain, about as hard to unpack as one from a camera."""
    gradient = Image.linear_gradient("L").resize((width, height))
    grain = Image.effect_noise((width, height), 40)
    picture = Image.merge("RGB", (gradient, grain, Image.blend(gradient, grain, 0.5)))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def upload(address: str, photograph: bytes) -> Any:
    """Send a file as a form does."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    body = head + photograph + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    with urlopen(Request(f"{address}/api/files/upload", body, headers)) as answer:
        return json.loads(answer.read())["items"][0]


def work(address: str, photograph: bytes, workflow_id: str, stop: Event, done: Any) -> None:
    """Upload, look at, process and delete, until told to stop."""
    while not stop.is_set():
        file = upload(address, photograph)
        for size in (128, 512):
            with urlopen(f"{address}/api/files/{file['id']}/thumbnail?size={size}") as answer:
                answer.read()
        url = f"{address}/api/workflows/{workflow_id}/nodes/resize/process-files"
        execution = call(url, {"file_ids": [file["id"]]})
        while execution["status"] == "running":
            time.sleep(0.02)
            execution = call(f"{address}/api/executions/{execution['id']}")
        assert execution["status"] == "completed", execution["error"]
        with done.get_lock():
            done.value += 1


def read(address: str, path: str, seconds: float) -> list[float]:
    """The seconds that every read of a path took, fifty a second."""
    connection = HTTPConnection(address.removeprefix("http://"))
    times, end = [], time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        times.append(time.perf_counter() - began)
        time.sleep(max(0.0, 0.02 - times[-1]))
    return times


def main() -> None:
    """Print times in peace and beside the work."""
    quick = is_quick()
    seconds, workers = (2.0, 1) if quick else (30.0, 2)
    photograph = make_photograph(*((600, 400) if quick else (6000, 4000)))
    graph = make_workflow(layered(10, 10, 2))
    with understudy("--scenario", "empty", "--pace", "real") as address:
        watched = call(f"{address}/api/workflows", {"nodes": graph.nodes, "connections": graph.connections})
        call(f"{address}/api/workflows/{watched['id']}/execute", {})
        path = f"/api/workflows/{watched['id']}/status"
        peace = read(address, path, seconds / 3)
        stop, done = multiprocessing.Event(), multiprocessing.Value("i", 0)
        clients = []
        for _ in range(workers):
            node = {"id": "resize", "type": "resize", "data": {"config": {"width": 800}}}
            workflow = call(f"{address}/api/workflows", {"nodes": [node], "connections": []})
            arguments = (address, photograph, workflow["id"], stop, done)
            clients.append(multiprocessing.Process(target=work, args=arguments))
        for client in clients:
            client.start()
        beside = read(address, path, seconds)
        stop.set()
        for client in clients:
            client.join()
    late = sum(taken >= 0.05 for taken in beside)
    print(f"a JPEG of {len(photograph):,} bytes, {workers} clients, {done.value} rounds of the whole work")
    print(f"in peace            {spread(peace)}   {len(peace)} reads")
    print(f"beside the images   {spread(beside)}   {len(beside)} reads, {late} of 50 ms or more")
    print(f"{'':<19} p50 ratio {at_share(peace, 0.5) / at_share(beside, 0.5):.2f}")


if __name__ == "__main__":
    main()
