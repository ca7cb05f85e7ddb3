// The whole job in Go, on its standard library: read each layer of an OCI layout,
// verify digest and diff_id, and flatten the layers from the top down, with the rules
// of the flattening loops in Go that skip what a higher layer has or hides.
//
//	whole_go LAYOUT    print how many paths there are
package main

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

type descriptor struct {
	Digest string `json:"digest"`
}

func main() {
	root := os.Args[1]
	var index struct{ Manifests []descriptor }
	load(filepath.Join(root, "index.json"), &index)
	var manifest struct {
		Config descriptor
		Layers []descriptor
	}
	load(blob(root, index.Manifests[0].Digest), &manifest)
	var config struct {
		Rootfs struct {
			DiffIDs []string `json:"diff_ids"`
		}
	}
	load(blob(root, manifest.Config.Digest), &config)
	seen := map[string]bool{} // a path, and whether it hides what is below it
	count := 0
	for n := len(manifest.Layers) - 1; n >= 0; n-- {
		count += flatten(root, manifest.Layers[n].Digest, config.Rootfs.DiffIDs[n], seen)
	}
	fmt.Println(count)
}

func flatten(root, digest, diffID string, seen map[string]bool) int {
	file, err := os.Open(blob(root, digest))
	check(err)
	defer file.Close()
	stored, plain := sha256.New(), sha256.New()
	buffered := bufio.NewReaderSize(io.TeeReader(file, stored), 1<<20)
	var stream io.Reader = buffered
	if head, _ := buffered.Peek(2); string(head) == "\x1f\x8b" {
		stream, err = gzip.NewReader(buffered)
		check(err)
	}
	tee := io.TeeReader(stream, plain)
	reader := tar.NewReader(tee)
	count := 0
	for {
		header, err := reader.Next()
		if err == io.EOF {
			break
		}
		check(err)
		name := path.Clean(header.Name)
		base, directory := path.Base(name), path.Dir(name)
		tombstone := strings.HasPrefix(base, ".wh.")
		if tombstone {
			name = path.Join(directory, strings.TrimPrefix(base, ".wh."))
		}
		if _, there := seen[name]; there || hidden(seen, name) {
			continue
		}
		seen[name] = tombstone || header.Typeflag != tar.TypeDir
		if !tombstone {
			count++
		}
	}
	_, err = io.Copy(io.Discard, tee)
	check(err)
	_, err = io.Copy(io.Discard, buffered)
	check(err)
	verify(digest, stored.Sum(nil))
	verify(diffID, plain.Sum(nil))
	return count
}

func hidden(seen map[string]bool, name string) bool {
	for above := path.Dir(name); above != "." && above != "/"; above = path.Dir(above) {
		if seen[above] {
			return true
		}
	}
	return false
}

func verify(promised string, sum []byte) {
	if promised != "sha256:"+hex.EncodeToString(sum) {
		panic("not " + promised)
	}
}

func blob(root, digest string) string {
	return filepath.Join(root, "blobs", strings.ReplaceAll(digest, ":", "/"))
}

func load(name string, into any) {
	data, err := os.ReadFile(name)
	check(err)
	check(json.Unmarshal(data, into))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
